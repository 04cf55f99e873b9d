<?php
/**
 * Which order items are under way.
 *
 * @package OneFunders
 */

defined( 'ABSPATH' ) || exit;

/**
 * One option row per item that waits for something or holds a sealed password, so that nothing is
 * lost between two processes and no order has to be searched for. The value is when it began.
 */
class OneFunders_Open_Items {

	const PREFIX = 'onefunders_open_';

	/**
	 * Remember an item; the first moment stays.
	 *
	 * @param int $order_id Order.
	 * @param int $item_id  Item.
	 */
	public function add( $order_id, $item_id ) {
		add_option( self::PREFIX . "{$order_id}_{$item_id}", (string) time(), '', false );
	}

	/**
	 * Forget an item.
	 *
	 * @param int $order_id Order.
	 * @param int $item_id  Item.
	 */
	public function remove( $order_id, $item_id ) {
		delete_option( self::PREFIX . "{$order_id}_{$item_id}" );
	}

	/**
	 * Items, oldest option first.
	 *
	 * @param int $after Option id to go on after.
	 * @param int $limit How many.
	 * @return array<int, array{order_id: int, item_id: int, since: int}> By option id.
	 */
	public function page( $after = 0, $limit = 100 ) {
		global $wpdb;
		$rows  = $wpdb->get_results(
			$wpdb->prepare(
				"SELECT option_id, option_name, option_value FROM {$wpdb->options} WHERE option_name LIKE %s AND option_id > %d ORDER BY option_id LIMIT %d",
				$wpdb->esc_like( self::PREFIX ) . '%',
				$after,
				$limit
			)
		);
		$items = array();
		foreach ( (array) $rows as $row ) {
			$ids = array_map( 'intval', explode( '_', substr( $row->option_name, strlen( self::PREFIX ) ) ) );
			if ( 2 === count( $ids ) ) {
				$items[ (int) $row->option_id ] = array(
					'order_id' => $ids[0],
					'item_id'  => $ids[1],
					'since'    => (int) $row->option_value,
				);
			}
		}
		return $items;
	}
}
