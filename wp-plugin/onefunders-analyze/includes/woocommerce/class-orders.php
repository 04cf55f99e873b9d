<?php
/**
 * Orders in WooCommerce.
 *
 * @package OneFunders
 */

defined( 'ABSPATH' ) || exit;

/** Finds orders and their account items; every search is limited. */
final class OneFunders_Woo_Orders implements OneFunders_Items {

	/**
	 * Settings.
	 *
	 * @var OneFunders_Settings
	 */
	private $settings;

	/**
	 * Orders.
	 *
	 * @param OneFunders_Settings $settings Settings.
	 */
	public function __construct( OneFunders_Settings $settings ) {
		$this->settings = $settings;
	}

	/**
	 * One account item.
	 *
	 * @param int $order_id Order.
	 * @param int $item_id  Item.
	 * @return OneFunders_Woo_Item|null
	 */
	public function item( $order_id, $item_id ) {
		foreach ( $this->items( $order_id ) as $item ) {
			if ( $item->item_id() === (int) $item_id ) {
				return $item;
			}
		}
		return null;
	}

	/**
	 * The account items of an order.
	 *
	 * @param int $order_id Order.
	 * @return OneFunders_Woo_Item[]
	 */
	public function items( $order_id ) {
		$order = function_exists( 'wc_get_order' ) ? wc_get_order( $order_id ) : false;
		return is_object( $order ) && is_callable( array( $order, 'get_items' ) ) ? $this->items_of( $order ) : array();
	}

	/**
	 * Account items of a page of orders, newest first.
	 *
	 * @param array $query  customer_id, status, date_created.
	 * @param int   $page   From 1.
	 * @param int   $limit  Orders a page.
	 * @param int   $orders How many orders were seen, told back.
	 * @return OneFunders_Woo_Item[]
	 */
	public function page( array $query, $page, $limit, &$orders = 0 ) {
		$orders = 0;
		if ( ! function_exists( 'wc_get_orders' ) ) {
			return array();
		}
		$found  = wc_get_orders(
			$query + array(
				'limit'   => $limit,
				'paged'   => $page,
				'type'    => 'shop_order',
				'orderby' => 'date',
				'order'   => 'DESC',
			)
		);
		$orders = count( $found );
		return array_merge( array(), ...array_map( array( $this, 'items_of' ), array_values( $found ) ) );
	}

	/**
	 * Where staff edits an order, '' when it is not there.
	 *
	 * @param int $order_id Order.
	 * @return string
	 */
	public function edit_url( $order_id ) {
		$order = function_exists( 'wc_get_order' ) ? wc_get_order( $order_id ) : false;
		return $order && is_callable( array( $order, 'get_edit_order_url' ) ) ? (string) $order->get_edit_order_url() : '';
	}

	/**
	 * The id of what an order screen shows: an order or a post.
	 *
	 * @param mixed $shown Order or post.
	 * @return int
	 */
	public function id_of( $shown ) {
		$order = function_exists( 'wc_get_order' ) ? wc_get_order( $shown ) : false;
		return $order ? (int) $order->get_id() : 0;
	}

	/**
	 * Account items of one order.
	 *
	 * @param WC_Order $order Order.
	 * @return OneFunders_Woo_Item[]
	 */
	private function items_of( $order ) {
		$keys  = array();
		$found = array();
		foreach ( array( 'login', 'server', 'plan', 'password' ) as $name ) {
			$keys[ $name ] = $this->settings->text( "onefunders_field_$name" );
		}
		foreach ( $order->get_items() as $item ) {
			if ( '' !== (string) $item->get_meta( OneFunders_Woo_Item::PREFIX . 'state', true ) || '' !== OneFunders_Woo_Item::plan_of( $order, $item, $keys['plan'] ) ) {
				$found[] = $item;
			}
		}
		$made = array();
		foreach ( $found as $item ) {
			$made[] = new OneFunders_Woo_Item( $order, $item, $keys, 1 === count( $found ) );
		}
		return $made;
	}
}
