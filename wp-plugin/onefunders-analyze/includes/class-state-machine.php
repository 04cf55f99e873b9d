<?php
/**
 * The states of an account on an order.
 *
 * @package OneFunders
 */

defined( 'ABSPATH' ) || exit;

/** One pure function over one table: what an event does in a state. */
final class OneFunders_State_Machine {

	const NONE            = 'none';
	const QUEUED          = 'queued';
	const CONNECTING      = 'connecting';
	const CONNECTED       = 'connected';
	const FAILED          = 'failed';
	const NEEDS_ATTENTION = 'needs_attention';

	const STATES = array( self::NONE, self::QUEUED, self::CONNECTING, self::CONNECTED, self::FAILED, self::NEEDS_ATTENTION );

	/**
	 * Event => next state, whether the sealed password is wiped, and in which states it may happen.
	 */
	const EVENTS = array(
		'paid'                => array( self::QUEUED, false, array( self::NONE ) ),
		'credentials_missing' => array( self::NEEDS_ATTENTION, true, array( self::NONE, self::QUEUED, self::CONNECTING, self::FAILED ) ),
		'credentials_given'   => array( self::QUEUED, false, array( self::NONE, self::QUEUED, self::FAILED, self::NEEDS_ATTENTION ) ),
		'try_again'           => array( self::QUEUED, false, array( self::FAILED, self::NEEDS_ATTENTION ) ),
		'sending'             => array( self::CONNECTING, false, array( self::QUEUED, self::CONNECTING ) ),
		'connected'           => array( self::CONNECTED, true, array( self::CONNECTING ) ),
		'accepted'            => array( self::CONNECTING, true, array( self::CONNECTING ) ),
		'unknown_outcome'     => array( self::QUEUED, false, array( self::CONNECTING ) ),
		'halted'              => array( self::QUEUED, false, array( self::QUEUED, self::CONNECTING ) ),
		'exhausted'           => array( self::FAILED, false, array( self::QUEUED, self::CONNECTING ) ),
		'owned_by_other'      => array( self::NEEDS_ATTENTION, false, array( self::CONNECTING ) ),
		'refused'             => array( self::NEEDS_ATTENTION, false, array( self::CONNECTING ) ),
		'credentials_refused' => array( self::NEEDS_ATTENTION, true, array( self::CONNECTING ) ),
		'broken'              => array( self::FAILED, false, array( self::CONNECTING ) ),
		'seen_connected'      => array( self::CONNECTED, true, array( self::CONNECTING, self::NEEDS_ATTENTION ) ),
		'seen_rejected'       => array( self::NEEDS_ATTENTION, true, array( self::CONNECTING, self::CONNECTED ) ),
		'still_connecting'    => array( self::NEEDS_ATTENTION, false, array( self::CONNECTING ) ),
		'swept'               => array( self::NEEDS_ATTENTION, true, array( self::NONE, self::QUEUED, self::CONNECTING, self::FAILED, self::NEEDS_ATTENTION ) ),
		'ended'               => array( self::NONE, true, self::STATES ),
	);

	/**
	 * What an event does.
	 *
	 * @param string $state State.
	 * @param string $event Event.
	 * @return array{state: string, wipe: bool}|null Null when the event does nothing in this state.
	 */
	public static function next( $state, $event ) {
		list( $to, $wipe, $from ) = self::EVENTS[ $event ];
		if ( ! in_array( $state, $from, true ) ) {
			return null;
		}
		return array(
			'state' => $to,
			'wipe'  => $wipe,
		);
	}

	/**
	 * The event of an answer to connect. Credentials are definitely refused by these codes alone.
	 *
	 * @param OneFunders_Answer $answer Answer.
	 * @return string
	 */
	public static function event_of( OneFunders_Answer $answer ) {
		switch ( $answer->kind ) {
			case OneFunders_Answer::OK:
				$agreed = isset( $answer->data['success'], $answer->data['account_id'] )
					&& true === $answer->data['success']
					&& wp_is_uuid( $answer->data['account_id'] );
				if ( ! $agreed ) {
					return 'broken';
				}
				return 202 === $answer->status ? 'accepted' : 'connected';
			case OneFunders_Answer::NETWORK:
			case OneFunders_Answer::RETRY:
				return 'unknown_outcome';
			case OneFunders_Answer::HALTED:
				return 'halted';
			case OneFunders_Answer::OWNED:
				return 'owned_by_other';
			case OneFunders_Answer::REFUSED:
				return in_array( $answer->code, array( 'bad_credentials', 'master_password' ), true ) ? 'credentials_refused' : 'refused';
			default:
				return 'broken';
		}
	}

	/**
	 * The event of a connection state that the server tells of an account; '' when it is undecided.
	 *
	 * @param string $connection_state State at the server.
	 * @return string
	 */
	public static function event_seen( $connection_state ) {
		if ( in_array( $connection_state, array( 'ready', 'history_loading', 'unreconciled' ), true ) ) {
			return 'seen_connected';
		}
		return in_array( $connection_state, array( 'credentials_rejected', 'needs_operator' ), true ) ? 'seen_rejected' : '';
	}
}
