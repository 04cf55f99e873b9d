<?php
/**
 * Plugin Name: Real
 *
 * Must-use plugin of a site with a real WooCommerce: what tests ask of the double, asked of the
 * real one; its log in the file that tests read; nobody is sent to its set-up.
 */

defined( 'ABSPATH' ) || exit;

/** Run what is due, as if it were later; how many of ours ran. @param int $until Unix seconds. */
function double_run_queue( $until ) {
	global $wpdb;
	$ours = "{$wpdb->prefix}actionscheduler_actions WHERE status = 'pending' AND hook LIKE 'onefunders%' AND scheduled_date_gmt";
	$now  = gmdate( 'Y-m-d H:i:s' );
	$wpdb->query( $wpdb->prepare( 'UPDATE ' . str_replace( ' WHERE', ' SET scheduled_date_gmt = %s WHERE', $ours ) . ' <= %s', $now, gmdate( 'Y-m-d H:i:s', $until ) ) );
	$due = (int) $wpdb->get_var( $wpdb->prepare( "SELECT COUNT(*) FROM $ours <= %s", $now ) );
	ActionScheduler_QueueRunner::instance()->run();
	return $due;
}

/** Make the tables of orders, whether they are used or not. */
function double_order_tables() {
	wc_get_container()->get( \Automattic\WooCommerce\Internal\DataStores\Orders\DataSynchronizer::class )->create_database_tables();
}

/** What a webhook would send. @param int $order_id Order. */
function double_webhook_payload( $order_id ) {
	$hook = new WC_Webhook();
	$hook->set_user_id( 1 );
	$hook->set_topic( 'order.updated' );
	$hook->set_api_version( 'wp_api_v3' );
	return $hook->build_payload( $order_id );
}

add_filter( 'woocommerce_enable_setup_wizard', '__return_false' );
add_filter( 'woocommerce_prevent_automatic_wizard_redirect', '__return_true' );
add_filter( 'woocommerce_admin_disabled', '__return_true' );
add_filter(
	'woocommerce_logger_log_message',
	static function ( $message, $level, $context ) {
		file_put_contents( WP_CONTENT_DIR . '/wc.log', "$level $message " . wp_json_encode( $context ) . "\n", FILE_APPEND );
		return $message;
	},
	10,
	3
);
