<?php
/**
 * Where jobs wait.
 *
 * @package OneFunders
 */

defined( 'ABSPATH' ) || exit;

/** Jobs by hook; their arguments are stored in clear text: ids and numbers only. */
interface OneFunders_Queue {

	/**
	 * Run a job after some seconds, unless the same job waits or runs already.
	 *
	 * @param string $hook    Hook.
	 * @param int[]  $args    Numbers.
	 * @param int    $seconds Seconds from now.
	 */
	public function add( $hook, array $args, $seconds = 0 );

	/** Drop every job of ours. */
	public function clear();
}
