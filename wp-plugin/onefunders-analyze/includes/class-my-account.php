<?php
/**
 * The customer's page.
 *
 * @package OneFunders
 */

defined( 'ABSPATH' ) || exit;

/** My Account, Trading dashboard: the forms for credentials and the dashboard. */
final class OneFunders_My_Account {

	const ENDPOINT = 'onefunders-dashboard';

	/**
	 * Settings.
	 *
	 * @var OneFunders_Settings
	 */
	private $settings;

	/**
	 * WooCommerce.
	 *
	 * @var OneFunders_Woo_Shop
	 */
	private $shop;

	/**
	 * Forms.
	 *
	 * @var OneFunders_Credentials_Form
	 */
	private $form;

	/**
	 * A page.
	 *
	 * @param OneFunders_Settings         $settings Settings.
	 * @param OneFunders_Woo_Shop         $shop     WooCommerce.
	 * @param OneFunders_Credentials_Form $form     Forms.
	 */
	public function __construct( OneFunders_Settings $settings, OneFunders_Woo_Shop $shop, OneFunders_Credentials_Form $form ) {
		$this->settings = $settings;
		$this->shop     = $shop;
		$this->form     = $form;
	}

	/** Register. */
	public function register() {
		add_action( 'init', array( $this, 'endpoint' ) );
		add_filter( 'woocommerce_get_query_vars', array( $this, 'query_vars' ) );
		add_filter( 'woocommerce_account_menu_items', array( $this, 'menu' ) );
		add_filter( 'woocommerce_endpoint_' . self::ENDPOINT . '_title', array( $this, 'title' ) );
		add_action( 'woocommerce_account_' . self::ENDPOINT . '_endpoint', array( $this, 'show' ) );
		add_action( 'wp_enqueue_scripts', array( $this, 'enqueue' ) );
	}

	/** The endpoint. */
	public function endpoint() {
		add_rewrite_endpoint( self::ENDPOINT, EP_ROOT | EP_PAGES );
	}

	/**
	 * Its query variable.
	 *
	 * @param array $names Endpoints.
	 * @return array
	 */
	public function query_vars( $names ) {
		$names[ self::ENDPOINT ] = self::ENDPOINT;
		return $names;
	}

	/**
	 * Its menu entry, before "log out".
	 *
	 * @param array $items Items.
	 * @return array
	 */
	public function menu( $items ) {
		$ours = array( self::ENDPOINT => $this->title() );
		$at   = array_search( 'customer-logout', array_keys( $items ), true );
		return false === $at ? $items + $ours : array_slice( $items, 0, $at, true ) + $ours + array_slice( $items, $at, null, true );
	}

	/** Its title. @return string */
	public function title() {
		return __( 'Trading dashboard', 'onefunders-analyze' );
	}

	/** Scripts and style, on this page only. */
	public function enqueue() {
		if ( ! is_user_logged_in() || ! $this->shop->is_endpoint( self::ENDPOINT ) || '' !== $this->settings->fault() || ! $this->is_built() ) {
			return;
		}
		$url = plugins_url( 'assets/dashboard/', ONEFUNDERS_FILE );
		wp_enqueue_style( 'onefunders-analyze', $url . 'onefunders-analyze.css', array(), ONEFUNDERS_VERSION );
		wp_enqueue_script(
			'onefunders-analyze',
			$url . 'onefunders-analyze.js',
			array(),
			ONEFUNDERS_VERSION,
			array(
				'in_footer' => true,
				'strategy'  => 'defer',
			)
		);
		wp_add_inline_script( 'onefunders-analyze', 'window.onefundersAnalyze = ' . wp_json_encode( $this->configuration() ) . ';', 'before' );
	}

	/** The page. */
	public function show() {
		$this->shop->template(
			'my-account/dashboard.php',
			array(
				'forms'     => $this->form->forms( get_current_user_id() ),
				'notice'    => $this->form->notice( get_current_user_id() ),
				'available' => '' === $this->settings->fault() && $this->is_built(),
			)
		);
	}

	/**
	 * What the dashboard is told. The nonce is the session's; there is no token in the page.
	 *
	 * @return array<string, string>
	 */
	private function configuration() {
		$page = $this->shop->account_url( self::ENDPOINT );
		return array(
			'apiUrl'      => $this->settings->origin(),
			'ajaxUrl'     => admin_url( 'admin-ajax.php' ),
			'nonce'       => wp_create_nonce( OneFunders_Ajax::ACTION ),
			'action'      => OneFunders_Ajax::ACTION,
			'shopUrl'     => home_url( '/' ),
			'passwordUrl' => $page . '#onefunders-credentials',
			'reopenUrl'   => $page,
			'language'    => 0 === strpos( determine_locale(), 'fa' ) ? 'fa' : 'en',
		);
	}

	/** Whether the dashboard is in this build. @return bool */
	private function is_built() {
		return is_readable( plugin_dir_path( ONEFUNDERS_FILE ) . 'assets/dashboard/onefunders-analyze.js' );
	}
}
