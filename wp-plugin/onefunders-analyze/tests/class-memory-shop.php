<?php
/**
 * Items, queue, places and log in memory, and the objects over them.
 *
 * @package OneFunders
 */

final class Memory_Open extends OneFunders_Open_Items {

	public $places = array();

	public function add( $order_id, $item_id ) {
		$this->places += array( "$order_id/$item_id" => time() );
	}

	public function remove( $order_id, $item_id ) {
		unset( $this->places[ "$order_id/$item_id" ] );
	}

	public function page( $after = 0, $limit = 100 ) {
		$made = array();
		foreach ( array_keys( $this->places ) as $n => $place ) {
			if ( $n + 1 > $after ) {
				list( $order, $item ) = array_map( 'intval', explode( '/', $place ) );
				$made[ $n + 1 ]       = array( 'order_id' => $order, 'item_id' => $item, 'since' => $this->places[ $place ] );
			}
		}
		return $made;
	}
}

final class Memory_Shop implements OneFunders_Items, OneFunders_Queue {

	public $item;
	public $jobs = array();
	public $lines = array();
	public $open;
	public $link;
	public $connector;
	public $sweeper;

	public function __construct( ?Memory_Item $item = null ) {
		onefunders_test_reset();
		update_option( 'onefunders_api_url', 'https://api.example' );
		update_option( 'onefunders_hmac_secret', str_repeat( 'k1', 32 ) );
		$this->item      = $item ?? new Memory_Item();
		$this->open      = new Memory_Open();
		$this->link      = new OneFunders_Link();
		$settings        = new OneFunders_Settings();
		$log             = new OneFunders_Log( function ( $level, $text ) {
			$this->lines[] = "$level $text";
		} );
		$api             = new OneFunders_Api_Client( $settings, $this->link, $log );
		$this->connector = new OneFunders_Order_Connector( $this, $api, new OneFunders_Credentials( 'key' ), $this, $this->open, $this->link, $log );
		$this->sweeper   = new OneFunders_Jobs( $this, $this->connector, $this, $this->open, $settings );
	}

	public function item( $order_id, $item_id ) {
		return 11 === $order_id && 22 === $item_id ? $this->item : null;
	}

	public function items( $order_id ) {
		return array( $this->item );
	}

	public function page( array $query, $page, $limit, &$orders = 0 ) {
		$orders = 1;
		return 1 === $page ? array( $this->item ) : array();
	}

	public function add( $hook, array $args, $seconds = 0 ) {
		$this->jobs[] = array( $hook, $args, $seconds );
	}

	public function clear() {
		$this->jobs = array();
	}

	public function answer( int $status, $body = array(), array $headers = array() ) {
		$GLOBALS['onefunders_test']['answers'][] = array(
			'status'  => $status,
			'body'    => is_string( $body ) ? $body : json_encode( (object) $body ),
			'headers' => $headers,
		);
	}

	public function no_answer() {
		$GLOBALS['onefunders_test']['answers'][] = new WP_Error();
	}

	public function requests(): array {
		return $GLOBALS['onefunders_test']['requests'];
	}
}
