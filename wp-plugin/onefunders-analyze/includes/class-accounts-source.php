<?php
/**
 * The rows of the account list.
 *
 * @package OneFunders
 */

defined( 'ABSPATH' ) || exit;

/** From the server, kept for 45 seconds; from the shop's own orders where the server is away. */
final class OneFunders_Accounts_Source {

	const KEEP    = 45;
	const VERSION = 'onefunders_list_version';

	/**
	 * Client.
	 *
	 * @var OneFunders_Api_Client
	 */
	private $api;

	/**
	 * Items.
	 *
	 * @var OneFunders_Items
	 */
	private $items;

	/**
	 * A source.
	 *
	 * @param OneFunders_Api_Client $api   Client.
	 * @param OneFunders_Items      $items Items.
	 */
	public function __construct( OneFunders_Api_Client $api, OneFunders_Items $items ) {
		$this->api   = $api;
		$this->items = $items;
	}

	/**
	 * A page of accounts.
	 *
	 * @param string $status '', active, deactivated or error.
	 * @param string $q      Search text.
	 * @param string $sort   '' for the newest first, or a column, with "-" before it for falling.
	 * @param int    $page   From 1.
	 * @param int    $limit  1 to 200.
	 * @return array{rows: array, total: int, at: int, fault: string} fault is a code when the rows are local.
	 */
	public function page( $status, $q, $sort, $page, $limit ) {
		$query = array(
			'page'  => $page,
			'limit' => $limit,
		);
		if ( '' !== $status ) {
			$query['status'] = $status;
		}
		if ( '' !== $q ) {
			$query['q'] = mb_substr( $q, 0, 100 );
		}
		if ( '' !== $sort ) {
			$query['sort'] = $sort;
		}
		$target = '/api/s2s/accounts?' . http_build_query( $query, '', '&', PHP_QUERY_RFC3986 );
		$key    = 'onefunders_list_' . md5( $target . get_option( self::VERSION, '' ) );
		$kept   = get_transient( $key );
		if ( is_array( $kept ) ) {
			return $kept;
		}
		$answer = $this->api->get( $target );
		if ( OneFunders_Answer::OK !== $answer->kind || ! isset( $answer->data['accounts'], $answer->data['total'] ) || ! is_array( $answer->data['accounts'] ) ) {
			return $this->local( $page, $limit, $answer->code );
		}
		$made = array(
			'rows'  => array_map( array( $this, 'of_server' ), array_filter( $answer->data['accounts'], 'is_array' ) ),
			'total' => (int) $answer->data['total'],
			'at'    => time(),
			'fault' => '',
		);
		set_transient( $key, $made, self::KEEP );
		return $made;
	}

	/** After a change: what was kept is not shown again. */
	public function forget() {
		update_option( self::VERSION, wp_generate_uuid4(), false );
	}

	/**
	 * One account, null when the server does not tell.
	 *
	 * @param string $id Account id.
	 * @return array|null
	 */
	public function one( $id ) {
		$answer = $this->api->get( "/api/s2s/accounts/$id" );
		return OneFunders_Answer::OK === $answer->kind && isset( $answer->data['account_id'] ) ? $this->of_server( $answer->data ) : null;
	}

	/**
	 * The order item of an account, null when it is not of this shop.
	 *
	 * @param string $account_id Account.
	 * @param int    $order_id   Order.
	 * @return OneFunders_Item|null
	 */
	public function item_of( $account_id, $order_id ) {
		foreach ( $order_id > 0 ? $this->items->items( $order_id ) : array() as $item ) {
			if ( $item->get( 'account_id' ) === $account_id ) {
				return $item;
			}
		}
		return null;
	}

	/**
	 * A row of the server's answer; only texts and numbers get through.
	 *
	 * @param array $account Account.
	 * @return array
	 */
	private function of_server( array $account ) {
		$text    = static function ( array $from, $name ) {
			return isset( $from[ $name ] ) && is_scalar( $from[ $name ] ) ? (string) $from[ $name ] : '';
		};
		$summary = isset( $account['summary'] ) && is_array( $account['summary'] ) ? $account['summary'] : array();
		$status  = $text( $summary, 'status' );
		return array(
			'id'        => wp_is_uuid( $text( $account, 'account_id' ) ) ? $text( $account, 'account_id' ) : '',
			'login'     => $text( $account, 'login' ),
			'server'    => $text( $account, 'server' ),
			'plan'      => $text( $account, 'account_type' ),
			'user_id'   => (int) $text( $account, 'wp_user_id' ),
			'order_id'  => ctype_digit( $text( $account, 'order_id' ) ) ? (int) $text( $account, 'order_id' ) : 0,
			'item_id'   => 0,
			'state'     => 'deactivated' === $status ? $status : $text( $summary, 'connection_state' ),
			'outcome'   => $text( $summary, 'outcome' ),
			'tier'      => $text( $summary, 'tier' ),
			'last_sync' => (int) strtotime( $text( $summary, 'last_sync_at' ) ),
			'error'     => $text( $account, 'last_error_code' ),
		);
	}

	/**
	 * What the shop itself knows.
	 *
	 * @param int    $page  From 1.
	 * @param int    $limit Rows.
	 * @param string $fault Why.
	 * @return array
	 */
	private function local( $page, $limit, $fault ) {
		$rows   = array();
		$orders = 0;
		foreach ( $this->items->page( array(), $page, $limit, $orders ) as $item ) {
			$rows[] = array(
				'id'        => $item->get( 'account_id' ),
				'login'     => $item->get( 'login' ),
				'server'    => $item->get( 'server' ),
				'plan'      => $item->get( 'plan' ),
				'user_id'   => $item->customer_id(),
				'order_id'  => $item->order_id(),
				'item_id'   => $item->item_id(),
				'state'     => '' === $item->get( 'state' ) ? 'none' : $item->get( 'state' ),
				'outcome'   => '',
				'tier'      => '',
				'last_sync' => 0,
				'error'     => $item->get( 'last_error_code' ),
			);
		}
		return array(
			'rows'  => $rows,
			'total' => ( $page - 1 ) * $limit + $orders + ( $orders === $limit ? 1 : 0 ),
			'at'    => time(),
			'fault' => $fault,
		);
	}
}
