<?php
/**
 * What the plugin asks of WooCommerce besides orders and jobs.
 *
 * @package OneFunders
 */

defined( 'ABSPATH' ) || exit;

/** Guarded calls: WooCommerce gone is never fatal. */
final class OneFunders_Woo_Shop {

	/**
	 * Whether WooCommerce is active.
	 *
	 * @return bool
	 */
	public function is_there() {
		return class_exists( 'WooCommerce' );
	}

	/**
	 * Write a line to WooCommerce's log.
	 *
	 * @param string $level   info, warning or error.
	 * @param string $text    Text.
	 * @param array  $context Context.
	 */
	public function log( $level, $text, array $context ) {
		$logger = function_exists( 'wc_get_logger' ) ? wc_get_logger() : null;
		if ( is_object( $logger ) && is_callable( array( $logger, $level ) ) ) {
			$logger->$level( $text, $context );
		}
	}

	/**
	 * Show a template; themes may override it.
	 *
	 * @param string $name Name below templates/.
	 * @param array  $args Variables.
	 */
	public function template( $name, array $args ) {
		if ( function_exists( 'wc_get_template' ) ) {
			wc_get_template( $name, $args, '', plugin_dir_path( ONEFUNDERS_FILE ) . 'templates/' );
		}
	}

	/**
	 * Address of an endpoint of My Account, '' without WooCommerce.
	 *
	 * @param string $endpoint Endpoint.
	 * @return string
	 */
	public function account_url( $endpoint ) {
		return function_exists( 'wc_get_account_endpoint_url' ) ? (string) wc_get_account_endpoint_url( $endpoint ) : '';
	}

	/**
	 * Whether this page shows an endpoint of My Account.
	 *
	 * @param string $endpoint Endpoint.
	 * @return bool
	 */
	public function is_endpoint( $endpoint ) {
		return function_exists( 'is_account_page' ) && function_exists( 'is_wc_endpoint_url' ) && is_account_page() && is_wc_endpoint_url( $endpoint );
	}

	/**
	 * The id of the order screen.
	 *
	 * @return string
	 */
	public function order_screen() {
		return function_exists( 'wc_get_page_screen_id' ) ? (string) wc_get_page_screen_id( 'shop-order' ) : 'shop_order';
	}
}
