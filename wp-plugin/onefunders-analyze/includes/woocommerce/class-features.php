<?php
/**
 * What of WooCommerce the plugin goes along with.
 *
 * @package OneFunders
 */

defined( 'ABSPATH' ) || exit;

/** Declares order tables (HPOS) and checkout blocks. */
final class OneFunders_Woo_Features {

	const FEATURES = array( 'custom_order_tables', 'cart_checkout_blocks' );

	/**
	 * The plugin's main file.
	 *
	 * @var string
	 */
	private $file;

	/**
	 * For a plugin.
	 *
	 * @param string $file Main file.
	 */
	public function __construct( $file ) {
		$this->file = $file;
	}

	/** On before_woocommerce_init. */
	public function declare_compatibility() {
		if ( ! class_exists( \Automattic\WooCommerce\Utilities\FeaturesUtil::class ) ) {
			return;
		}
		foreach ( self::FEATURES as $feature ) {
			\Automattic\WooCommerce\Utilities\FeaturesUtil::declare_compatibility( $feature, $this->file, true );
		}
	}
}
