<?php
/**
 * Both order stores: own tables (HPOS) and posts; with "sync" every write goes to both.
 *
 * @package WooCommerceDouble
 */

defined( 'ABSPATH' ) || exit;

/** Reads and writes orders and meta data. */
final class Double_Store {

	/** Whether orders live in their own tables. */
	public static function hpos() {
		return 'yes' === get_option( 'woocommerce_custom_orders_table_enabled' );
	}

	/** The stores to write: tables, posts, or both. */
	private static function written() {
		$sync = 'yes' === get_option( 'woocommerce_custom_orders_table_data_sync_enabled' );
		return $sync ? array( true, false ) : array( self::hpos() );
	}

	/**
	 * Table, id column and key of a kind's meta data.
	 *
	 * @param string $kind   order, item or product.
	 * @param bool   $tables Own tables.
	 */
	private static function meta_table( $kind, $tables ) {
		global $wpdb;
		if ( 'item' === $kind ) {
			return array( $wpdb->prefix . 'woocommerce_order_itemmeta', 'order_item_id' );
		}
		if ( 'order' === $kind && $tables ) {
			return array( $wpdb->prefix . 'wc_orders_meta', 'order_id' );
		}
		return array( $wpdb->postmeta, 'post_id' );
	}

	/**
	 * Meta data of one object.
	 *
	 * @param string $kind Kind.
	 * @param int    $id   Id.
	 */
	public static function read_meta( $kind, $id ) {
		global $wpdb;
		list( $table, $column ) = self::meta_table( $kind, self::hpos() );
		$rows                   = $wpdb->get_results( $wpdb->prepare( "SELECT meta_key, meta_value FROM $table WHERE $column = %d", $id ) ); // phpcs:ignore
		return array_map( 'maybe_unserialize', wp_list_pluck( $rows, 'meta_value', 'meta_key' ) );
	}

	/**
	 * Write or delete one key in every written store; every value is logged for ever.
	 *
	 * @param string $kind  Kind.
	 * @param int    $id    Id.
	 * @param string $key   Key.
	 * @param mixed  $value Value, null deletes.
	 */
	public static function write_meta( $kind, $id, $key, $value ) {
		global $wpdb;
		$text = maybe_serialize( $value );
		foreach ( 'order' === $kind ? self::written() : array( false ) as $tables ) {
			list( $table, $column ) = self::meta_table( $kind, $tables );
			$wpdb->delete( $table, array( $column => $id, 'meta_key' => $key ) );
			if ( null !== $value ) {
				$wpdb->insert( $table, array( $column => $id, 'meta_key' => $key, 'meta_value' => $text ) );
			}
		}
		wp_cache_delete( $id, 'post_meta' );
		$wpdb->insert( $wpdb->prefix . 'double_meta_log', array( 'kind' => $kind, 'object_id' => $id, 'meta_key' => $key, 'meta_value' => $text ) );
	}

	/**
	 * One order's columns, null when there is none.
	 *
	 * @param int $id Id.
	 */
	public static function read_order( $id ) {
		global $wpdb;
		if ( self::hpos() ) {
			$row = $wpdb->get_row( $wpdb->prepare( "SELECT * FROM {$wpdb->prefix}wc_orders WHERE id = %d", $id ), ARRAY_A );
			return $row ? $row : null;
		}
		$post = get_post( $id );
		if ( ! $post || 'shop_order' !== $post->post_type ) {
			return null;
		}
		return array(
			'id'               => $post->ID,
			'status'           => $post->post_status,
			'currency'         => (string) get_post_meta( $id, '_order_currency', true ),
			'customer_id'      => (int) get_post_meta( $id, '_customer_user', true ),
			'date_created_gmt' => $post->post_date_gmt,
		);
	}

	/**
	 * Write one order; its id.
	 *
	 * @param array $row Columns.
	 */
	public static function write_order( array $row ) {
		global $wpdb;
		// Ids are posts' ids in both stores: a placeholder post keeps the number.
		$row['id'] = $row['id'] ? $row['id'] : wp_insert_post( array( 'post_type' => 'shop_order_placehold', 'post_status' => 'draft', 'post_title' => 'Order' ) );
		foreach ( self::written() as $tables ) {
			if ( $tables ) {
				$wpdb->replace( $wpdb->prefix . 'wc_orders', $row );
				continue;
			}
			$post = array(
				'ID'            => $row['id'],
				'post_type'     => 'shop_order',
				'post_status'   => $row['status'],
				'post_title'    => 'Order',
				'post_date_gmt' => $row['date_created_gmt'],
				'post_date'     => $row['date_created_gmt'],
			);
			wp_insert_post( $post );
			update_post_meta( $row['id'], '_order_currency', $row['currency'] );
			update_post_meta( $row['id'], '_customer_user', $row['customer_id'] );
		}
		return (int) $row['id'];
	}

	/**
	 * Ids of orders, newest first.
	 *
	 * @param array $wanted limit, page, status (with wc-), customer_id, after, before (unix).
	 */
	public static function find( array $wanted ) {
		global $wpdb;
		$tables = self::hpos();
		$from   = $tables ? "{$wpdb->prefix}wc_orders o" : "{$wpdb->posts} o LEFT JOIN {$wpdb->postmeta} c ON c.post_id = o.ID AND c.meta_key = '_customer_user'";
		$names  = $tables
			? array( 'id', 'status', 'customer_id', 'date_created_gmt' )
			: array( 'o.ID', 'o.post_status', 'c.meta_value', 'o.post_date_gmt' );
		$where  = $tables ? array( '1 = 1' ) : array( "o.post_type = 'shop_order'" );
		if ( $wanted['status'] ) {
			$where[] = "{$names[1]} IN ('" . implode( "', '", array_map( 'esc_sql', $wanted['status'] ) ) . "')";
		}
		if ( null !== $wanted['customer_id'] ) {
			$where[] = $wpdb->prepare( "{$names[2]} = %d", $wanted['customer_id'] ); // phpcs:ignore
		}
		foreach ( array( 'after' => '>', 'before' => '<' ) as $side => $operator ) {
			if ( null !== $wanted[ $side ] ) {
				$where[] = $wpdb->prepare( "{$names[3]} $operator %s", gmdate( 'Y-m-d H:i:s', $wanted[ $side ] ) ); // phpcs:ignore
			}
		}
		$limit = $wanted['limit'] < 0 ? '' : $wpdb->prepare( 'LIMIT %d OFFSET %d', $wanted['limit'], ( $wanted['page'] - 1 ) * $wanted['limit'] );
		return array_map( 'intval', $wpdb->get_col( "SELECT {$names[0]} FROM $from WHERE " . implode( ' AND ', $where ) . " ORDER BY {$names[3]} DESC, {$names[0]} DESC $limit" ) ); // phpcs:ignore
	}
}
