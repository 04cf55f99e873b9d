<?php
/**
 * Where order items with accounts come from.
 *
 * @package OneFunders
 */

defined( 'ABSPATH' ) || exit;

/** Finds account items; the WooCommerce adapter implements it. */
interface OneFunders_Items {

	/**
	 * One item.
	 *
	 * @param int $order_id Order.
	 * @param int $item_id  Item.
	 * @return OneFunders_Item|null Null when it is not there.
	 */
	public function item( $order_id, $item_id );

	/**
	 * The items of an order that are accounts: a plan is known for them, or they have a state.
	 *
	 * @param int $order_id Order.
	 * @return OneFunders_Item[]
	 */
	public function items( $order_id );

	/**
	 * Account items of a page of orders, newest first.
	 *
	 * @param array $query  customer_id, status, date_created.
	 * @param int   $page   From 1.
	 * @param int   $limit  Orders a page.
	 * @param int   $orders How many orders were seen, told back.
	 * @return OneFunders_Item[]
	 */
	public function page( array $query, $page, $limit, &$orders = 0 );
}
