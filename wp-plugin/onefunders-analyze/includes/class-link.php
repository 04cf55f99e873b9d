<?php
/**
 * What is known of the link to the server.
 *
 * @package OneFunders
 */

defined( 'ABSPATH' ) || exit;

/**
 * A refused signature stops every job until an answer shows that the key works again.
 *
 * One option, not autoloaded: halted (code or ''), at, request_id, skew.
 */
final class OneFunders_Link {

	const OPTION    = 'onefunders_link';
	const RESUME    = 'onefunders_resume';
	const WARN_SKEW = 60;

	/**
	 * Note an answer.
	 *
	 * @param OneFunders_Answer $answer Answer.
	 */
	public function heard( OneFunders_Answer $answer ) {
		$known  = $this->known();
		$halted = $known['halted'];
		if ( OneFunders_Answer::HALTED === $answer->kind ) {
			$halted = $answer->code;
		} elseif ( OneFunders_Answer::OK === $answer->kind ) {
			$halted = '';
		}
		$skew = null === $answer->skew || abs( $answer->skew ) <= self::WARN_SKEW ? 0 : $answer->skew;
		$skew = null === $answer->skew ? $known['skew'] : $skew;
		if ( $halted === $known['halted'] && abs( $skew - $known['skew'] ) < 10 ) {
			return;
		}
		update_option(
			self::OPTION,
			array(
				'halted'     => $halted,
				'at'         => time(),
				'request_id' => $answer->request_id,
				'skew'       => $skew,
			),
			false
		);
		if ( '' === $halted && '' !== $known['halted'] ) {
			do_action( self::RESUME );
		}
	}

	/**
	 * Why jobs are stopped: a code, '' when they are not.
	 *
	 * @return string
	 */
	public function halted() {
		return $this->known()['halted'];
	}

	/**
	 * All that is known.
	 *
	 * @return array{halted: string, at: int, request_id: string, skew: int}
	 */
	public function known() {
		$stored = get_option( self::OPTION, array() );
		return ( is_array( $stored ) ? $stored : array() ) + array(
			'halted'     => '',
			'at'         => 0,
			'request_id' => '',
			'skew'       => 0,
		);
	}
}
