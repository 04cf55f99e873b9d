<?php
/**
 * Jobs in Action Scheduler.
 *
 * @package OneFunders
 */

defined( 'ABSPATH' ) || exit;

/**
 * Single actions in one group; WP-Cron where Action Scheduler is absent.
 *
 * Its own "unique" flag is no help: it compares hook and group but not arguments, so that the
 * second account of an order would be dropped. The same job is looked for by its arguments.
 */
final class OneFunders_Woo_Queue implements OneFunders_Queue {

	const GROUP = 'onefunders';

	/**
	 * Run a job.
	 *
	 * @param string $hook    Hook.
	 * @param int[]  $args    Numbers.
	 * @param int    $seconds From now.
	 */
	public function add( $hook, array $args, $seconds = 0 ) {
		if ( ! $this->is_there() ) {
			if ( false === wp_next_scheduled( $hook, $args ) ) {
				wp_schedule_single_event( time() + $seconds, $hook, $args );
			}
			return;
		}
		if ( as_has_scheduled_action( $hook, $args, self::GROUP ) ) {
			return;
		}
		if ( 0 === $seconds ) {
			as_enqueue_async_action( $hook, $args, self::GROUP, false );
		} else {
			as_schedule_single_action( time() + $seconds, $hook, $args, self::GROUP, false );
		}
	}

	/** Drop every job of ours. */
	public function clear() {
		foreach ( OneFunders_Jobs::HOOKS as $hook ) {
			if ( $this->is_there() ) {
				as_unschedule_all_actions( $hook, array(), self::GROUP );
			}
			wp_unschedule_hook( $hook );
		}
	}

	/**
	 * Whether Action Scheduler takes actions now.
	 *
	 * @return bool
	 */
	private function is_there() {
		return function_exists( 'as_has_scheduled_action' ) && function_exists( 'as_schedule_single_action' ) && did_action( 'action_scheduler_init' );
	}
}
