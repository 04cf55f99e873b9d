<?php
/**
 * The documented functions.
 *
 * @package WooCommerceDouble
 */

defined( 'ABSPATH' ) || exit;

/** One order, false when there is none. @param int|WP_Post|WC_Order $the_order Order. */
function wc_get_order( $the_order = false ) {
	if ( $the_order instanceof WC_Order ) {
		return $the_order;
	}
	$row = Double_Store::read_order( is_object( $the_order ) ? (int) $the_order->ID : (int) $the_order );
	return $row ? new WC_Order( $row ) : false;
}

/** A product or a variation. @param int $id Its post. */
function wc_get_product( $id ) {
	return get_post( $id ) ? new WC_Product( $id ) : false;
}

/** Orders, newest first; an unknown argument or a missing limit is a fault of the caller. @param array $args Query. */
function wc_get_orders( $args ) {
	$known = array( 'limit', 'paged', 'page', 'status', 'customer_id', 'customer', 'date_created', 'orderby', 'order', 'return', 'type' );
	foreach ( array_diff( array_keys( $args ), $known ) as $name ) {
		trigger_error( "wc_get_orders does not know $name in both stores", E_USER_WARNING ); // phpcs:ignore
	}
	if ( ! isset( $args['limit'] ) || $args['limit'] < 1 ) {
		trigger_error( 'wc_get_orders without a limit', E_USER_WARNING );
	}
	$date  = isset( $args['date_created'] ) ? (string) $args['date_created'] : '';
	$clean = static function ( $status ) {
		return 0 === strpos( $status, 'wc-' ) ? $status : "wc-$status";
	};
	$ids   = Double_Store::find(
		array(
			'limit'       => isset( $args['limit'] ) ? (int) $args['limit'] : 10,
			'page'        => (int) ( $args['paged'] ?? $args['page'] ?? 1 ),
			'status'      => isset( $args['status'] ) ? array_map( $clean, (array) $args['status'] ) : array(),
			'customer_id' => $args['customer_id'] ?? $args['customer'] ?? null,
			'after'       => '>' === substr( $date, 0, 1 ) ? (int) substr( $date, 1 ) : null,
			'before'      => '<' === substr( $date, 0, 1 ) ? (int) substr( $date, 1 ) : null,
		)
	);
	return 'ids' === ( $args['return'] ?? '' ) ? $ids : array_map( 'wc_get_order', $ids );
}

/** Names of statuses. */
function wc_get_order_statuses() {
	return array(
		'wc-pending'    => 'Pending payment',
		'wc-processing' => 'Processing',
		'wc-on-hold'    => 'On hold',
		'wc-completed'  => 'Completed',
		'wc-cancelled'  => 'Cancelled',
		'wc-refunded'   => 'Refunded',
		'wc-failed'     => 'Failed',
	);
}

/** Notes of an order as objects with their content. @param array $args order_id, order. */
function wc_get_order_notes( $args ) {
	$rows = get_comments( array( 'post_id' => $args['order_id'], 'type' => 'order_note', 'order' => $args['order'] ?? 'DESC' ) );
	return array_map(
		static function ( $row ) {
			return (object) array( 'id' => (int) $row->comment_ID, 'content' => $row->comment_content );
		},
		$rows
	);
}

/** The logger, which writes a file that tests read. */
function wc_get_logger() {
	return new Double_Logger();
}

/** Writes lines to wp-content/wc.log. */
final class Double_Logger {

	/**
	 * One line.
	 *
	 * @param string $level   Level.
	 * @param string $message Text.
	 * @param array  $context Source and more.
	 */
	public function log( $level, $message, $context = array() ) {
		file_put_contents( WP_CONTENT_DIR . '/wc.log', "$level $message " . wp_json_encode( $context ) . "\n", FILE_APPEND ); // phpcs:ignore
	}

	/** Level info. @param string $message Text. @param array $context Context. */
	public function info( $message, $context = array() ) {
		$this->log( 'info', $message, $context );
	}

	/** Level warning. @param string $message Text. @param array $context Context. */
	public function warning( $message, $context = array() ) {
		$this->log( 'warning', $message, $context );
	}

	/** Level error. @param string $message Text. @param array $context Context. */
	public function error( $message, $context = array() ) {
		$this->log( 'error', $message, $context );
	}
}

/** A template, the theme's first. @param string $template_name Name. @param array $args Variables. @param string $template_path Theme folder. @param string $default_path Plugin folder. */
function wc_get_template( $template_name, $args = array(), $template_path = '', $default_path = '' ) {
	$file = locate_template( array( trailingslashit( $template_path ? $template_path : 'woocommerce/' ) . $template_name ) );
	$file = $file ? $file : $default_path . $template_name;
	extract( $args ); // phpcs:ignore
	include $file;
}

/** Mail an order to its customer, with the item data that a mail shows. @param WC_Order $order Order. @param string $text Text. */
function double_mail_order( $order, $text ) {
	$user  = get_userdata( $order->get_customer_id() );
	$lines = array( $text );
	foreach ( $order->get_items() as $item ) {
		foreach ( $item->get_meta_data() as $meta ) {
			if ( ! is_protected_meta( $meta->key, 'order_item' ) ) {
				$lines[] = $meta->key . ': ' . ( is_scalar( $meta->value ) ? $meta->value : wp_json_encode( $meta->value ) );
			}
		}
	}
	wp_mail( $user ? $user->user_email : 'guest@example.com', 'Order ' . $order->get_id(), implode( "\n", $lines ) );
}
