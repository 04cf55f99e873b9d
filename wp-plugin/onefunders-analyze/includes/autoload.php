<?php
/**
 * Where a class lies: OneFunders_Api_Client in class-api-client.php, OneFunders_Woo_Orders in
 * woocommerce/class-orders.php, an interface in interface-….php.
 *
 * @package OneFunders
 */

defined( 'ABSPATH' ) || exit;

spl_autoload_register(
	static function ( $name ) {
		if ( 0 !== strpos( $name, 'OneFunders_' ) ) {
			return;
		}
		$words  = strtolower( str_replace( '_', '-', substr( $name, 11 ) ) );
		$folder = __DIR__ . '/';
		if ( 0 === strpos( $words, 'woo-' ) ) {
			$words   = substr( $words, 4 );
			$folder .= 'woocommerce/';
		}
		foreach ( array( 'class', 'interface' ) as $kind ) {
			if ( is_readable( "$folder$kind-$words.php" ) ) {
				require_once "$folder$kind-$words.php";
				return;
			}
		}
	}
);
