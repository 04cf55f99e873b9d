<?php
/**
 * The log.
 *
 * @package OneFunders
 */

defined( 'ABSPATH' ) || exit;

/** Lines of codes and ids for WooCommerce's log, source "onefunders". Never a body or a password. */
class OneFunders_Log {

	/**
	 * Writes a line: function( level, text, context ).
	 *
	 * @var callable
	 */
	private $write;

	/**
	 * A log.
	 *
	 * @param callable $write Writer.
	 */
	public function __construct( callable $write ) {
		$this->write = $write;
	}

	/**
	 * A call to the server. The query is left out: it may hold what staff searched for.
	 *
	 * @param string            $method Method.
	 * @param string            $target Path with query.
	 * @param OneFunders_Answer $answer Answer.
	 */
	public function call( $method, $target, OneFunders_Answer $answer ) {
		$path = strtok( $target, '?' );
		$good = OneFunders_Answer::OK === $answer->kind;
		$this->line( $good ? 'info' : 'warning', "$method $path: {$answer->status} {$answer->code}", $answer->request_id );
	}

	/**
	 * A line.
	 *
	 * @param string $level      info, warning or error.
	 * @param string $text       Codes and ids only.
	 * @param string $request_id Request id.
	 */
	public function line( $level, $text, $request_id = '' ) {
		call_user_func(
			$this->write,
			$level,
			'' === $request_id ? $text : "$text request_id=$request_id",
			array( 'source' => 'onefunders' )
		);
	}
}
