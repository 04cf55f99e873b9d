<?php
/**
 * Plugin Name:          OneFunders Analyze
 * Description:          Connects the MetaTrader 5 accounts that a WooCommerce shop sells to the OneFunders Analyze server and shows customers their dashboard.
 * Version:              0.1.0
 * Requires at least:    6.5
 * Requires PHP:         7.4
 * Requires Plugins:     woocommerce
 * WC requires at least: 8.2
 * WC tested up to:      9.4
 * Author:               OneFunders
 * License:              GPL-2.0-or-later
 * License URI:          https://www.gnu.org/licenses/gpl-2.0.html
 * Text Domain:          onefunders-analyze
 * Domain Path:          /languages
 *
 * @package OneFunders
 */

defined( 'ABSPATH' ) || exit;

define( 'ONEFUNDERS_VERSION', '0.1.0' );
define( 'ONEFUNDERS_FILE', __FILE__ );

require_once __DIR__ . '/includes/autoload.php';

register_activation_hook( __FILE__, array( new OneFunders_Installation(), 'activate' ) );
register_deactivation_hook( __FILE__, array( new OneFunders_Installation(), 'deactivate' ) );
add_action( 'before_woocommerce_init', array( new OneFunders_Woo_Features( __FILE__ ), 'declare_compatibility' ) );
add_action( 'plugins_loaded', array( new OneFunders_Plugin( __FILE__ ), 'start' ) );
