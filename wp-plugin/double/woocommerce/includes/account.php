<?php
/**
 * My Account: endpoints, menu and content.
 *
 * @package WooCommerceDouble
 */

defined( 'ABSPATH' ) || exit;

/** Endpoints by name. */
function double_endpoints() {
	return apply_filters( 'woocommerce_get_query_vars', array( 'orders' => 'orders', 'customer-logout' => 'customer-logout' ) );
}

add_action(
	'init',
	static function () {
		foreach ( double_endpoints() as $name ) {
			add_rewrite_endpoint( $name, EP_ROOT | EP_PAGES );
		}
	}
);

/** Address of a page. @param string $page Only myaccount. */
function wc_get_page_permalink( $page ) {
	return (string) get_permalink( (int) get_option( "woocommerce_{$page}_page_id" ) );
}

/** Address of an endpoint. @param string $endpoint Endpoint. */
function wc_get_account_endpoint_url( $endpoint ) {
	$page = wc_get_page_permalink( 'myaccount' );
	return get_option( 'permalink_structure' ) ? trailingslashit( $page ) . "$endpoint/" : add_query_arg( $endpoint, '', $page );
}

/** Whether this is My Account. */
function is_account_page() {
	return is_page( (int) get_option( 'woocommerce_myaccount_page_id' ) );
}

/** Whether this is an endpoint. @param string|false $endpoint Which. */
function is_wc_endpoint_url( $endpoint = false ) {
	global $wp;
	foreach ( $endpoint ? array( $endpoint ) : double_endpoints() as $one ) {
		if ( isset( $wp->query_vars[ $one ] ) ) {
			return true;
		}
	}
	return false;
}

add_shortcode(
	'woocommerce_my_account',
	static function () {
		global $wp;
		if ( ! is_user_logged_in() ) {
			return '<p class="woocommerce-login">Log in</p>';
		}
		ob_start();
		echo '<nav class="woocommerce-MyAccount-navigation"><ul>';
		$items = apply_filters( 'woocommerce_account_menu_items', array( 'dashboard' => 'Dashboard', 'orders' => 'Orders', 'customer-logout' => 'Log out' ), array() );
		foreach ( $items as $name => $label ) {
			echo '<li><a href="' . esc_url( wc_get_account_endpoint_url( $name ) ) . '">' . esc_html( $label ) . '</a></li>';
		}
		echo '</ul></nav><div class="woocommerce-MyAccount-content">';
		foreach ( double_endpoints() as $key => $name ) {
			if ( isset( $wp->query_vars[ $name ] ) ) {
				$title = apply_filters( "woocommerce_endpoint_{$key}_title", '', $key, '' );
				echo '<h2 class="endpoint-title">' . esc_html( $title ) . '</h2>';
				do_action( "woocommerce_account_{$key}_endpoint", $wp->query_vars[ $name ] );
			}
		}
		echo '</div>';
		return ob_get_clean();
	}
);
