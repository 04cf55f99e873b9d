<?php
/**
 * From a paid order to a connected account.
 *
 * @package OneFunders
 */

defined( 'ABSPATH' ) || exit;

/** Takes credentials in, queues and runs jobs. Each change of state goes through the book. */
final class OneFunders_Order_Connector {

	const CONNECT = 'onefunders_connect';
	const POLL    = 'onefunders_poll';
	const END     = 'onefunders_end';

	const MINUTES      = array( 1, 5, 15, 60, 240 );
	const MOST         = 8;
	const POLL_MINUTES = array( 1, 5, 15, 60 );

	/**
	 * Items.
	 *
	 * @var OneFunders_Items
	 */
	private $items;

	/**
	 * Client.
	 *
	 * @var OneFunders_Api_Client
	 */
	private $api;

	/**
	 * Sealing.
	 *
	 * @var OneFunders_Credentials
	 */
	private $credentials;

	/**
	 * States of items.
	 *
	 * @var OneFunders_Item_Book
	 */
	private $book;

	/**
	 * Jobs.
	 *
	 * @var OneFunders_Queue
	 */
	private $queue;

	/**
	 * Items under way.
	 *
	 * @var OneFunders_Open_Items
	 */
	private $open;

	/**
	 * Link.
	 *
	 * @var OneFunders_Link
	 */
	private $link;

	/**
	 * Log.
	 *
	 * @var OneFunders_Log
	 */
	private $log;

	/**
	 * A connector.
	 *
	 * @param OneFunders_Items       $items       Items.
	 * @param OneFunders_Api_Client  $api         Client.
	 * @param OneFunders_Credentials $credentials Sealing.
	 * @param OneFunders_Queue       $queue       Jobs.
	 * @param OneFunders_Open_Items  $open        Items under way.
	 * @param OneFunders_Link        $link        Link.
	 * @param OneFunders_Log         $log         Log.
	 */
	public function __construct( OneFunders_Items $items, OneFunders_Api_Client $api, OneFunders_Credentials $credentials, OneFunders_Queue $queue, OneFunders_Open_Items $open, OneFunders_Link $link, OneFunders_Log $log ) {
		$this->items       = $items;
		$this->api         = $api;
		$this->credentials = $credentials;
		$this->queue       = $queue;
		$this->open        = $open;
		$this->link        = $link;
		$this->log         = $log;
		$this->book        = new OneFunders_Item_Book( $credentials, $open );
	}

	/**
	 * The book.
	 *
	 * @return OneFunders_Item_Book
	 */
	public function book() {
		return $this->book;
	}

	/**
	 * An order was paid: one job for each of its accounts. May be told twice.
	 *
	 * @param int $order_id Order.
	 */
	public function paid( $order_id ) {
		foreach ( $this->items->items( $order_id ) as $item ) {
			if ( OneFunders_State_Machine::NONE !== $this->book->state( $item ) ) {
				continue;
			}
			$this->book->take( $item, $item->fields() );
			if ( '' === $item->get( 'sealed' ) ) {
				$this->book->change( $item, 'credentials_missing', 'credentials_missing' );
				continue;
			}
			if ( $this->book->change( $item, 'paid' ) ) {
				$this->queue->add( self::CONNECT, array( $item->order_id(), $item->item_id(), 0 ) );
			}
		}
	}

	/**
	 * An order was refunded or cancelled: the server stops watching, passwords are wiped.
	 *
	 * @param int $order_id Order.
	 */
	public function ended( $order_id ) {
		foreach ( $this->items->items( $order_id ) as $item ) {
			if ( '' !== $item->get( 'account_id' ) ) {
				$this->queue->add( self::END, array( $item->order_id(), $item->item_id(), 0 ) );
			} elseif ( 0 === (int) $item->get( 'attempts' ) || ! $this->is_under_way( $item ) ) {
				$this->book->change( $item, 'ended' );
			}
			// Else the server may hold the account: the next attempt finds out, and then ends it.
		}
	}

	/**
	 * Credentials typed by the customer or by staff.
	 *
	 * @param OneFunders_Item $item   Item.
	 * @param array           $fields login, server, password; others as the shop has them.
	 * @return bool False when this account does not wait for credentials.
	 */
	public function give_credentials( OneFunders_Item $item, array $fields ) {
		$paid = in_array( $item->order_status(), array( 'processing', 'completed' ), true );
		if ( ! $paid || null === OneFunders_State_Machine::next( $this->book->state( $item ), 'credentials_given' ) ) {
			return false;
		}
		$this->book->take( $item, $fields + $item->fields() );
		$this->book->change( $item, 'credentials_given' );
		$this->queue->add( self::CONNECT, array( $item->order_id(), $item->item_id(), 0 ) );
		return true;
	}

	/**
	 * Send the sealed password again, by staff.
	 *
	 * @param OneFunders_Item $item Item.
	 * @return bool False when there is nothing to send.
	 */
	public function try_again( OneFunders_Item $item ) {
		if ( '' === $item->get( 'sealed' ) || ! $this->book->change( $item, 'try_again' ) ) {
			return false;
		}
		$this->queue->add( self::CONNECT, array( $item->order_id(), $item->item_id(), 0 ) );
		return true;
	}

	/**
	 * One attempt to connect. What a bug throws is retried as well: the queue would not.
	 *
	 * @param int $order_id Order.
	 * @param int $item_id  Item.
	 * @param int $attempt  Attempts before this one.
	 */
	public function connect( $order_id, $item_id, $attempt ) {
		$item = $this->items->item( $order_id, $item_id );
		if ( null === $item || '' !== $item->get( 'account_id' ) || '' !== $this->link->halted() ) {
			return;
		}
		try {
			$this->attempt( $item, $attempt );
		} catch ( Throwable $error ) {
			$this->log->line( 'error', sprintf( 'connect order=%d item=%d: %s at %s:%d', $order_id, $item_id, get_class( $error ), basename( $error->getFile() ), $error->getLine() ) );
			$this->book->change( $item, 'unknown_outcome', 'internal' );
			$this->again( self::CONNECT, $item, $attempt, 0, 'exhausted', 'internal' );
		}
	}

	/**
	 * One attempt: open, send, act on the answer.
	 *
	 * @param OneFunders_Item $item    Item.
	 * @param int             $attempt Attempts before this one.
	 */
	private function attempt( OneFunders_Item $item, $attempt ) {
		$fresh = 0 === (int) $item->get( 'attempts' );
		if ( $fresh && $this->is_over( $item ) ) {
			$this->book->change( $item, 'ended' );
			return;
		}
		if ( null === OneFunders_State_Machine::next( $this->book->state( $item ), 'sending' ) ) {
			return;
		}
		if ( $item->customer_id() < 1 ) {
			$this->book->change( $item, 'credentials_missing', 'no_customer' );
			return;
		}
		$password = $this->credentials->open( $item->get( 'sealed' ), $item->order_id(), $item->item_id() );
		if ( null === $password ) {
			$this->book->change( $item, 'credentials_missing', 'credentials_unreadable' );
			return;
		}
		$item->set( 'attempts', (string) ( 1 + (int) $item->get( 'attempts' ) ) );
		$this->book->change( $item, 'sending' );
		$answer = $this->api->post( '/api/connect', OneFunders_Connect_Body::json( $item, $password ), OneFunders_Connect_Body::job( $item ) );
		$event  = OneFunders_State_Machine::event_of( $answer );
		$agreed = 'connected' === $event || 'accepted' === $event;
		if ( $agreed ) {
			$item->set( 'account_id', $answer->data['account_id'] );
		}
		$this->book->change( $item, $event, $agreed ? '' : $answer->code );
		if ( 'unknown_outcome' === $event ) {
			$this->again( self::CONNECT, $item, $attempt, $answer->retry_after, 'exhausted', $answer->code );
		} elseif ( $agreed && $this->is_over( $item ) ) {
			$this->queue->add( self::END, array( $item->order_id(), $item->item_id(), 0 ) );
		} elseif ( 'accepted' === $event ) {
			$this->queue->add( self::POLL, array( $item->order_id(), $item->item_id(), 0 ), MINUTE_IN_SECONDS * self::POLL_MINUTES[0] );
		}
	}

	/**
	 * Ask how an accepted account fares.
	 *
	 * @param int $order_id Order.
	 * @param int $item_id  Item.
	 * @param int $polls    Polls before this one.
	 */
	public function poll( $order_id, $item_id, $polls ) {
		$item = $this->items->item( $order_id, $item_id );
		if ( null === $item || OneFunders_State_Machine::CONNECTING !== $this->book->state( $item ) ) {
			return;
		}
		if ( $this->look( $item ) ) {
			return;
		}
		if ( $polls + 1 < count( self::POLL_MINUTES ) ) {
			$this->queue->add( self::POLL, array( $order_id, $item_id, $polls + 1 ), MINUTE_IN_SECONDS * self::POLL_MINUTES[ $polls + 1 ] );
			return;
		}
		$this->book->change( $item, 'still_connecting', 'still_connecting' );
	}

	/**
	 * Read the account from the server once.
	 *
	 * @param OneFunders_Item $item Item.
	 * @return bool Whether its state is decided now.
	 */
	public function look( OneFunders_Item $item ) {
		$answer = '' === $this->link->halted() ? $this->api->get( '/api/s2s/accounts/' . $item->get( 'account_id' ) ) : OneFunders_Answer::none();
		if ( OneFunders_Answer::OK !== $answer->kind || ! isset( $answer->data['summary']['connection_state'] ) ) {
			return false;
		}
		$event = OneFunders_State_Machine::event_seen( (string) $answer->data['summary']['connection_state'] );
		if ( '' === $event ) {
			return false;
		}
		$this->book->change( $item, $event, 'seen_rejected' === $event ? self::rejection( $answer ) : '' );
		return true;
	}

	/**
	 * Why the server rejected an account: its code, else what the state itself says.
	 *
	 * @param OneFunders_Answer $answer The account as the server has it.
	 * @return string
	 */
	private static function rejection( OneFunders_Answer $answer ) {
		if ( ! empty( $answer->data['last_error_code'] ) ) {
			return (string) $answer->data['last_error_code'];
		}
		return 'needs_operator' === $answer->data['summary']['connection_state'] ? 'needs_operator' : 'bad_credentials';
	}

	/**
	 * Tell the server that an order is over.
	 *
	 * @param int $order_id Order.
	 * @param int $item_id  Item.
	 * @param int $attempt  Attempts before this one.
	 */
	public function end( $order_id, $item_id, $attempt ) {
		$item = $this->items->item( $order_id, $item_id );
		if ( null === $item || '' === $item->get( 'account_id' ) || ! $this->is_over( $item ) ) {
			return;
		}
		if ( '' === $this->link->halted() ) {
			$id     = $item->get( 'account_id' );
			$answer = $this->api->post( "/api/s2s/accounts/$id/deactivate", OneFunders_Connect_Body::reason( 'shop', 'order ' . $item->order_status() ), OneFunders_Connect_Body::job( $item, 'end' ) );
			if ( OneFunders_Answer::OK === $answer->kind || 404 === $answer->status ) {
				$this->book->change( $item, 'ended' );
				return;
			}
			if ( ! $answer->is_passing() && OneFunders_Answer::HALTED !== $answer->kind ) {
				$this->book->change_code( $item, $answer->code );
				return;
			}
		}
		$this->open->add( $order_id, $item_id );
		if ( '' === $this->link->halted() ) {
			$this->again( self::END, $item, $attempt, $answer->retry_after, '', $answer->code );
		}
	}

	/**
	 * Schedule the next attempt, or give up.
	 *
	 * @param string          $hook     Job.
	 * @param OneFunders_Item $item     Item.
	 * @param int             $attempt  Attempts before the last one.
	 * @param int             $at_least Seconds that the server asked for.
	 * @param string          $give_up  Event after the last attempt, '' for none.
	 * @param string          $code     Code.
	 */
	private function again( $hook, OneFunders_Item $item, $attempt, $at_least, $give_up, $code ) {
		if ( $attempt + 1 >= self::MOST ) {
			if ( '' === $give_up ) {
				$this->book->change_code( $item, $code );
			} else {
				$this->book->change( $item, $give_up, $code );
			}
			return;
		}
		$seconds = max( $at_least, MINUTE_IN_SECONDS * self::MINUTES[ min( $attempt, count( self::MINUTES ) - 1 ) ] );
		$jitter  = wp_rand( 0, (int) ( $seconds / 5 ) );
		$this->queue->add( $hook, array( $item->order_id(), $item->item_id(), $attempt + 1 ), $seconds + $jitter );
	}

	/**
	 * Whether the order was refunded or cancelled.
	 *
	 * @param OneFunders_Item $item Item.
	 * @return bool
	 */
	private function is_over( OneFunders_Item $item ) {
		return in_array( $item->order_status(), array( 'refunded', 'cancelled' ), true );
	}

	/**
	 * Whether an attempt is waiting or running.
	 *
	 * @param OneFunders_Item $item Item.
	 * @return bool
	 */
	private function is_under_way( OneFunders_Item $item ) {
		return in_array( $this->book->state( $item ), array( OneFunders_State_Machine::QUEUED, OneFunders_State_Machine::CONNECTING ), true );
	}
}
