<?php
/**
 * Admin: the menu and the order screen of both stores.
 *
 * @package WooCommerceDouble
 */

defined( 'ABSPATH' ) || exit;

add_action(
	'init',
	static function () {
		foreach ( array_keys( wc_get_order_statuses() ) as $status ) {
			register_post_status( $status, array( 'public' => false, 'internal' => true ) );
		}
		register_post_type( 'shop_order', array( 'public' => false, 'show_ui' => true, 'show_in_menu' => false, 'supports' => array( 'title' ), 'capabilities' => array( 'edit_post' => 'edit_shop_orders', 'edit_posts' => 'edit_shop_orders' ) ) );
		register_post_type( 'shop_order_placehold', array( 'public' => false ) );
		register_post_type( 'product', array( 'public' => true ) );
		register_post_type( 'product_variation', array( 'public' => false ) );
	},
	5
);

add_action(
	'admin_menu',
	static function () {
		add_menu_page( 'WooCommerce', 'WooCommerce', 'edit_shop_orders', 'woocommerce', '__return_empty_string' );
		if ( Double_Store::hpos() ) {
			add_submenu_page( 'woocommerce', 'Orders', 'Orders', 'edit_shop_orders', 'wc-orders', 'double_order_screen' );
		}
	},
	9
);

/** The order screen of own tables: boxes get the order, not a post. */
function double_order_screen() {
	$order  = wc_get_order( absint( $_GET['id'] ?? 0 ) ); // phpcs:ignore
	$screen = wc_get_page_screen_id( 'shop-order' );
	if ( ! $order ) {
		return;
	}
	do_action( 'add_meta_boxes', $screen, $order );
	echo '<div class="wrap"><h1>Order ' . (int) $order->get_id() . '</h1><form>';
	foreach ( array( 'normal', 'side', 'advanced' ) as $context ) {
		do_meta_boxes( $screen, $context, $order );
	}
	echo '</form></div>';
}

// As in WooCommerce, the admin alone knows it.
if ( is_admin() ) {
	/** Id of an admin screen. @param string $for Only shop-order. */
	function wc_get_page_screen_id( $for ) {
		return Double_Store::hpos() ? 'woocommerce_page_wc-orders' : str_replace( '-', '_', $for );
	}
}
