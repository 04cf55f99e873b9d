<?php
/**
 * The plugin: every object is made here.
 *
 * @package OneFunders
 */

defined( 'ABSPATH' ) || exit;

/** Composition root. */
final class OneFunders_Plugin {

	/**
	 * Main file.
	 *
	 * @var string
	 */
	private $file;

	/**
	 * For a main file.
	 *
	 * @param string $file Main file.
	 */
	public function __construct( $file ) {
		$this->file = $file;
	}

	/** On plugins_loaded: without WooCommerce a notice and nothing else. */
	public function start() {
		add_action( 'init', array( $this, 'translations' ) );
		$shop = new OneFunders_Woo_Shop();
		if ( ! $shop->is_there() ) {
			add_action( 'admin_notices', array( $this, 'say_what_is_missing' ) );
			return;
		}
		$settings    = new OneFunders_Settings();
		$log         = new OneFunders_Log( array( $shop, 'log' ) );
		$link        = new OneFunders_Link();
		$api         = new OneFunders_Api_Client( $settings, $link, $log );
		$credentials = new OneFunders_Credentials( $settings->credential_secret() );
		$items       = new OneFunders_Woo_Orders( $settings );
		$queue       = new OneFunders_Woo_Queue();
		$open        = new OneFunders_Open_Items();
		$connector   = new OneFunders_Order_Connector( $items, $api, $credentials, $queue, $open, $link, $log );
		$jobs        = new OneFunders_Jobs( $items, $connector, $queue, $open, $settings );

		$jobs->register();
		( new OneFunders_Woo_Leaks( $settings ) )->register();
		$form = new OneFunders_Credentials_Form( $items, $connector, $api, $shop );
		$form->register();
		( new OneFunders_My_Account( $settings, $shop, $form ) )->register();
		( new OneFunders_Ajax( $api ) )->register();
		( new OneFunders_Privacy( $api, $items, $connector->book() ) )->register();

		$test    = new OneFunders_Connection_Test( $settings, $api );
		$notices = new OneFunders_Notices( $settings, $link );
		$source  = new OneFunders_Accounts_Source( $api, $items );
		$actions = new OneFunders_Account_Actions( $settings, $api, $source, $connector->book(), $notices );
		add_action( 'onefunders_state_changed', array( $source, 'forget' ), 10, 0 );
		$notices->register();
		$actions->register();
		( new OneFunders_Accounts_Page( $settings, $source, $actions, array( $items, 'edit_url' ) ) )->register();
		( new OneFunders_Settings_Page( $settings, $test, $notices ) )->register();
		( new OneFunders_Order_Box( $settings, $items, $shop, $connector, $notices ) )->register();
		( new OneFunders_Product_Box( $settings, $notices ) )->register();
		( new OneFunders_Site_Health( $settings, $link, $test, $jobs ) )->register();
		( new OneFunders_Cli( $link, $test, $api, $jobs ) )->register();
		add_action( 'init', array( new OneFunders_Installation(), 'upgrade' ), PHP_INT_MAX );
	}

	/** Texts in the language of the site. */
	public function translations() {
		load_plugin_textdomain( 'onefunders-analyze', false, dirname( plugin_basename( $this->file ) ) . '/languages' );
	}

	/** Without WooCommerce. */
	public function say_what_is_missing() {
		if ( current_user_can( 'activate_plugins' ) ) {
			echo '<div class="notice notice-error"><p>' . esc_html__( 'OneFunders Analyze needs WooCommerce. Please install and activate it.', 'onefunders-analyze' ) . '</p></div>';
		}
	}
}
