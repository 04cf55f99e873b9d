<?php
/**
 * Plugin Name: WooCommerce
 * Description: A double of WooCommerce for tests: order CRUD on both order stores, the scheduler's queue, account pages.
 * Version: 9.0.0
 * Requires PHP: 7.4
 *
 * Written from WooCommerce's documentation. It keeps what a plugin can trip over: nothing is stored
 * before save(), an order need not be a post, hooks may fire twice, scheduled arguments are clear
 * text, a failed action is never run again, and a unique action is compared by hook and group only.
 */

defined( 'ABSPATH' ) || exit;

define( 'WC_VERSION', '9.0.0' );
define( 'WC_PLUGIN_FILE', __FILE__ );

require __DIR__ . '/includes/features.php';
require __DIR__ . '/includes/class-wc-data.php';
require __DIR__ . '/includes/class-double-store.php';
require __DIR__ . '/includes/class-wc-product.php';
require __DIR__ . '/includes/class-wc-order-item.php';
require __DIR__ . '/includes/class-wc-order.php';
require __DIR__ . '/includes/functions.php';
require __DIR__ . '/includes/action-scheduler.php';
require __DIR__ . '/includes/account.php';
require __DIR__ . '/includes/admin.php';
require __DIR__ . '/includes/rest.php';

/** The main object, which other plugins look for. */
final class WooCommerce {
}

register_activation_hook( __FILE__, 'double_install' );

add_action(
	'plugins_loaded',
	static function () {
		do_action( 'woocommerce_loaded' );
	},
	-1
);
add_action(
	'init',
	static function () {
		if ( ! get_option( 'double_installed' ) ) {
			double_install();
		}
		do_action( 'before_woocommerce_init' );
	},
	0
);

/** The tables of orders are there from the start. */
function double_order_tables() {
}

/** Tables, roles and pages of a new shop; as WooCommerce does, at activation or when a site is first seen. */
function double_install() {
	global $wpdb;
	update_option( 'double_installed', 1 );
	$p   = $wpdb->prefix;
	$set = $wpdb->get_charset_collate();
	foreach ( array(
		"{$p}wc_orders (id BIGINT UNSIGNED AUTO_INCREMENT PRIMARY KEY, status VARCHAR(20), currency VARCHAR(10), customer_id BIGINT UNSIGNED, date_created_gmt DATETIME)",
		"{$p}wc_orders_meta (id BIGINT UNSIGNED AUTO_INCREMENT PRIMARY KEY, order_id BIGINT UNSIGNED, meta_key VARCHAR(255), meta_value LONGTEXT)",
		"{$p}woocommerce_order_items (order_item_id BIGINT UNSIGNED AUTO_INCREMENT PRIMARY KEY, order_id BIGINT UNSIGNED, order_item_name TEXT)",
		"{$p}woocommerce_order_itemmeta (meta_id BIGINT UNSIGNED AUTO_INCREMENT PRIMARY KEY, order_item_id BIGINT UNSIGNED, meta_key VARCHAR(255), meta_value LONGTEXT)",
		"{$p}double_meta_log (id BIGINT UNSIGNED AUTO_INCREMENT PRIMARY KEY, kind VARCHAR(20), object_id BIGINT UNSIGNED, meta_key VARCHAR(255), meta_value LONGTEXT)",
		"{$p}actionscheduler_actions (action_id BIGINT UNSIGNED AUTO_INCREMENT PRIMARY KEY, hook VARCHAR(191), status VARCHAR(20), scheduled_date_gmt DATETIME, args VARCHAR(8000), group_slug VARCHAR(191))",
		"{$p}actionscheduler_logs (log_id BIGINT UNSIGNED AUTO_INCREMENT PRIMARY KEY, action_id BIGINT UNSIGNED, message TEXT)",
	) as $table ) {
		$wpdb->query( "CREATE TABLE IF NOT EXISTS $table $set" ); // phpcs:ignore
	}
	add_role( 'customer', 'Customer', array( 'read' => true ) );
	$caps = array( 'read', 'manage_woocommerce', 'edit_shop_orders', 'edit_posts', 'edit_others_posts', 'edit_published_posts', 'publish_posts' );
	$caps = array_fill_keys( $caps, true );
	add_role( 'shop_manager', 'Shop manager', $caps );
	get_role( 'administrator' )->add_cap( 'manage_woocommerce' );
	get_role( 'administrator' )->add_cap( 'edit_shop_orders' );
	if ( ! get_option( 'woocommerce_myaccount_page_id' ) ) {
		$page = wp_insert_post(
			array(
				'post_type'    => 'page',
				'post_status'  => 'publish',
				'post_title'   => 'My account',
				'post_name'    => 'my-account',
				'post_content' => '[woocommerce_my_account]',
			)
		);
		update_option( 'woocommerce_myaccount_page_id', $page );
	}
}
