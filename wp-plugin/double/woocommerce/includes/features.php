<?php
/**
 * Declared compatibility, as WooCommerce's features controller keeps it.
 *
 * @package WooCommerceDouble
 */

namespace Automattic\WooCommerce\Utilities;

defined( 'ABSPATH' ) || exit;

/** Declarations of other plugins. */
final class FeaturesUtil {

	/**
	 * All declarations: plugin file, feature, compatible.
	 *
	 * @var array
	 */
	public static $declared = array();

	/**
	 * Declare; only during before_woocommerce_init, and only for features that exist.
	 *
	 * @param string $feature_id Feature id.
	 * @param string $plugin_file    Plugin's main file.
	 * @param bool   $positive_compatibility     Compatible or not.
	 */
	public static function declare_compatibility( $feature_id, $plugin_file, $positive_compatibility = true ) {
		if ( ! doing_action( 'before_woocommerce_init' ) ) {
			trigger_error( 'declare_compatibility was called outside before_woocommerce_init', E_USER_WARNING );
		}
		if ( ! in_array( $feature_id, array( 'custom_order_tables', 'cart_checkout_blocks' ), true ) ) {
			trigger_error( "unknown feature $feature_id", E_USER_WARNING ); // phpcs:ignore
		}
		self::$declared[] = array( plugin_basename( $plugin_file ), $feature_id, $positive_compatibility );
		return true;
	}

	/**
	 * What a plugin declared.
	 *
	 * @param string $name    Plugin, folder/file.
	 * @param bool   $enabled Only features that are on; all are here.
	 */
	public static function get_compatible_features_for_plugin( $name, $enabled = false ) {
		$told = array( 'compatible' => array(), 'incompatible' => array(), 'uncertain' => array() );
		foreach ( self::$declared as list( $plugin, $feature, $yes ) ) {
			if ( $plugin === $name ) {
				$told[ $yes ? 'compatible' : 'incompatible' ][] = $feature;
			}
		}
		return $told;
	}
}

/** Where orders are. */
final class OrderUtil {

	/** Whether they live in tables of their own. */
	public static function custom_orders_table_usage_is_enabled() {
		return \Double_Store::hpos();
	}
}
