<?php
/**
 * The book of an order item: its state, code, history and sealed password.
 *
 * @package OneFunders
 */

defined( 'ABSPATH' ) || exit;

/** The one place that changes an item. */
final class OneFunders_Item_Book {

	const HISTORY = 20;

	/**
	 * Events after which the customer is asked for a password.
	 */
	const ASKS = array( 'credentials_missing', 'credentials_refused', 'seen_rejected', 'swept' );

	/**
	 * Sealing.
	 *
	 * @var OneFunders_Credentials
	 */
	private $credentials;

	/**
	 * Items under way.
	 *
	 * @var OneFunders_Open_Items
	 */
	private $open;

	/**
	 * A book.
	 *
	 * @param OneFunders_Credentials $credentials Sealing.
	 * @param OneFunders_Open_Items  $open        Items under way.
	 */
	public function __construct( OneFunders_Credentials $credentials, OneFunders_Open_Items $open ) {
		$this->credentials = $credentials;
		$this->open        = $open;
	}

	/**
	 * Carry an event out: state, wipe, code, history and note, in one save.
	 *
	 * @param OneFunders_Item $item  Item.
	 * @param string          $event Event.
	 * @param string          $code  Code of what went wrong, '' for nothing.
	 * @return bool False when the event does nothing in this state.
	 */
	public function change( OneFunders_Item $item, $event, $code = '' ) {
		$from = $this->state( $item );
		$next = OneFunders_State_Machine::next( $from, $event );
		if ( null === $next ) {
			return false;
		}
		$item->set( 'state', $next['state'] );
		$item->set( 'last_error_code', $code );
		if ( $next['wipe'] && '' !== $item->get( 'sealed' ) ) {
			$item->set( 'sealed', '' );
			$item->set( 'credentials_wiped_at', gmdate( 'Y-m-d\TH:i:s\Z' ) );
		}
		if ( OneFunders_State_Machine::CONNECTED === $next['state'] ) {
			$item->set( 'connected_at', gmdate( 'Y-m-d\TH:i:s\Z' ) );
		}
		$this->remember( $item, $event, $code );
		$item->save();
		$this->track( $item, $next['state'] );
		do_action( 'onefunders_state_changed', $item->order_id(), $item->item_id(), $next['state'] );
		if ( $from !== $next['state'] || '' !== $code ) {
			$item->note( OneFunders_Words::note( $item, $next['state'], $code ) );
		}
		if ( in_array( $event, self::ASKS, true ) && $item->customer_id() > 0 ) {
			$item->note( OneFunders_Words::ask_customer( $code ), true );
		}
		return true;
	}

	/**
	 * Keep a code without a change of state.
	 *
	 * @param OneFunders_Item $item Item.
	 * @param string          $code Code.
	 */
	public function change_code( OneFunders_Item $item, $code ) {
		$item->set( 'last_error_code', $code );
		$item->save();
		$item->note( OneFunders_Words::note( $item, $this->state( $item ), $code ) );
	}

	/**
	 * Take credentials in: sealed before the first write; a new generation is a new job.
	 *
	 * @param OneFunders_Item $item   Item.
	 * @param array           $fields Fields.
	 */
	public function take( OneFunders_Item $item, array $fields ) {
		foreach ( array( 'login', 'server', 'plan', 'initial_balance' ) as $name ) {
			$item->set( $name, (string) $fields[ $name ] );
		}
		$item->forget_plain_password();
		if ( '' === $item->get( 'login' ) || '' === $item->get( 'server' ) || '' === $item->get( 'plan' ) || ! OneFunders_Credentials::is_password( $fields['password'] ) ) {
			$item->set( 'sealed', '' );
			return;
		}
		$item->set( 'sealed', $this->credentials->seal( $fields['password'], $item->order_id(), $item->item_id() ) );
		$item->set( 'sealed_at', (string) time() );
		$item->set( 'generation', wp_generate_uuid4() );
		$item->set( 'account_id', '' );
		$item->set( 'attempts', '' );
	}

	/**
	 * The item's state.
	 *
	 * @param OneFunders_Item $item Item.
	 * @return string
	 */
	public function state( OneFunders_Item $item ) {
		$state = $item->get( 'state' );
		return in_array( $state, OneFunders_State_Machine::STATES, true ) ? $state : OneFunders_State_Machine::NONE;
	}

	/**
	 * Add a line to the item's history.
	 *
	 * @param OneFunders_Item $item  Item.
	 * @param string          $event Event.
	 * @param string          $code  Code.
	 */
	private function remember( OneFunders_Item $item, $event, $code ) {
		$history   = json_decode( $item->get( 'history' ), true );
		$history   = is_array( $history ) ? array_slice( $history, 1 - self::HISTORY ) : array();
		$history[] = array( time(), $event, $item->get( 'state' ), $code );
		$item->set( 'history', (string) wp_json_encode( $history ) );
	}

	/**
	 * Keep the list of items under way right.
	 *
	 * @param OneFunders_Item $item  Item.
	 * @param string          $state State.
	 */
	private function track( OneFunders_Item $item, $state ) {
		$waits = in_array( $state, array( OneFunders_State_Machine::QUEUED, OneFunders_State_Machine::CONNECTING ), true )
			|| 'still_connecting' === $item->get( 'last_error_code' );
		if ( $waits || '' !== $item->get( 'sealed' ) ) {
			$this->open->add( $item->order_id(), $item->item_id() );
		} else {
			$this->open->remove( $item->order_id(), $item->item_id() );
		}
	}
}
