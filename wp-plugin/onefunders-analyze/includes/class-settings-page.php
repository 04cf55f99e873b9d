<?php
/**
 * Settings in the admin.
 *
 * @package OneFunders
 */

defined( 'ABSPATH' ) || exit;

/** The form and its test of the connection. The key is write-only: nothing ever shows it again. */
final class OneFunders_Settings_Page {

	const SLUG = 'onefunders-settings';
	const SAVE = 'onefunders_save_settings';
	const TEST = 'onefunders_test_connection';

	/**
	 * Settings.
	 *
	 * @var OneFunders_Settings
	 */
	private $settings;

	/**
	 * Check.
	 *
	 * @var OneFunders_Connection_Test
	 */
	private $test;

	/**
	 * Notices.
	 *
	 * @var OneFunders_Notices
	 */
	private $notices;

	/**
	 * A page.
	 *
	 * @param OneFunders_Settings        $settings Settings.
	 * @param OneFunders_Connection_Test $test     Test.
	 * @param OneFunders_Notices         $notices  Notices.
	 */
	public function __construct( OneFunders_Settings $settings, OneFunders_Connection_Test $test, OneFunders_Notices $notices ) {
		$this->settings = $settings;
		$this->test     = $test;
		$this->notices  = $notices;
	}

	/** Register. */
	public function register() {
		add_action( 'admin_menu', array( $this, 'menu' ), 11 );
		add_action( 'admin_post_' . self::SAVE, array( $this, 'save' ) );
		add_action( 'admin_post_' . self::TEST, array( $this, 'run_test' ) );
	}

	/** The menu. */
	public function menu() {
		add_submenu_page( OneFunders_Accounts_Page::SLUG, __( 'OneFunders settings', 'onefunders-analyze' ), __( 'Settings', 'onefunders-analyze' ), 'manage_options', self::SLUG, array( $this, 'show' ) );
	}

	/** The fields: label and help. @return array */
	private function fields() {
		return array(
			'onefunders_api_url'        => array( __( 'API address', 'onefunders-analyze' ), __( 'Such as https://analyze.example.com, without a path.', 'onefunders-analyze' ) ),
			'onefunders_hmac_key_id'    => array( __( 'Key id', 'onefunders-analyze' ), '' ),
			'onefunders_hmac_secret'    => array( __( 'Key', 'onefunders-analyze' ), __( 'Better in wp-config.php as ONEFUNDERS_HMAC_SECRET than in the database.', 'onefunders-analyze' ) ),
			'onefunders_sweep_days'     => array( __( 'Wipe unsent passwords after (days)', 'onefunders-analyze' ), '' ),
			'onefunders_field_login'    => array( __( 'Order field: login', 'onefunders-analyze' ), __( 'Meta key under which your checkout keeps it.', 'onefunders-analyze' ) ),
			'onefunders_field_server'   => array( __( 'Order field: server', 'onefunders-analyze' ), '' ),
			'onefunders_field_plan'     => array( __( 'Product or order field: plan', 'onefunders-analyze' ), '' ),
			'onefunders_field_password' => array( __( 'Order field: investor password', 'onefunders-analyze' ), __( 'It is sealed and removed as soon as the order is paid.', 'onefunders-analyze' ) ),
		);
	}

	/** The page. */
	public function show() {
		if ( ! current_user_can( 'manage_options' ) ) {
			wp_die( esc_html__( 'You may not see this page.', 'onefunders-analyze' ), '', array( 'response' => 403 ) );
		}
		echo '<div class="wrap"><h1>' . esc_html__( 'OneFunders settings', 'onefunders-analyze' ) . '</h1>';
		echo '<form method="post" action="' . esc_url( admin_url( 'admin-post.php' ) ) . '" autocomplete="off"><input type="hidden" name="action" value="' . esc_attr( self::SAVE ) . '" />';
		wp_nonce_field( self::SAVE );
		echo '<table class="form-table" role="presentation">';
		foreach ( $this->fields() as $name => list( $label, $help ) ) {
			$this->row( $name, $label, $help );
		}
		echo '</table>';
		submit_button();
		echo '</form><form method="post" action="' . esc_url( admin_url( 'admin-post.php' ) ) . '"><input type="hidden" name="action" value="' . esc_attr( self::TEST ) . '" />';
		wp_nonce_field( self::TEST );
		submit_button( __( 'Test connection', 'onefunders-analyze' ), 'secondary' );
		echo '</form></div>';
	}

	/**
	 * A row.
	 *
	 * @param string $name  Option.
	 * @param string $label Label.
	 * @param string $help  Help.
	 */
	private function row( $name, $label, $help ) {
		$secret = 'onefunders_hmac_secret' === $name;
		$value  = $this->settings->text( $name );
		if ( $secret && '' !== $value ) {
			/* translators: %s: the last four characters of the key. */
			$help = sprintf( __( 'Set, ends …%s. Leave empty to keep it.', 'onefunders-analyze' ), substr( $value, -4 ) ) . ' ' . $help;
		}
		if ( $this->settings->is_constant( $name ) ) {
			$help = __( 'Set in wp-config.php.', 'onefunders-analyze' );
		}
		printf(
			'<tr><th scope="row"><label for="%1$s">%2$s</label></th><td><input class="regular-text" dir="ltr" id="%1$s" name="%1$s" type="%3$s" value="%4$s" autocomplete="off"%5$s /><p class="description">%6$s</p></td></tr>',
			esc_attr( $name ),
			esc_html( $label ),
			$secret ? 'password' : 'text',
			esc_attr( $secret ? '' : $value ),
			disabled( $this->settings->is_constant( $name ), true, false ),
			esc_html( $help )
		);
	}

	/** Save. */
	public function save() {
		check_admin_referer( self::SAVE );
		if ( ! current_user_can( 'manage_options' ) ) {
			wp_die( esc_html__( 'You may not do this.', 'onefunders-analyze' ), '', array( 'response' => 403 ) );
		}
		$faults = array();
		foreach ( array_keys( OneFunders_Settings::DEFAULTS ) as $name ) {
			$value = isset( $_POST[ $name ] ) ? sanitize_text_field( wp_unslash( $_POST[ $name ] ) ) : '';
			if ( '' === $value || $this->settings->is_constant( $name ) ) {
				continue;
			}
			$fault = self::fault( $name, $value );
			if ( '' === $fault ) {
				update_option( $name, 'onefunders_api_url' === $name ? OneFunders_Settings::origin_of( $value ) : $value, false );
			} else {
				$faults[] = $fault;
			}
		}
		$this->notices->keep( $faults ? 'error' : 'success', $faults ? implode( ' ', $faults ) : __( 'Saved.', 'onefunders-analyze' ) );
		$this->back();
	}

	/** Test the connection. */
	public function run_test() {
		check_admin_referer( self::TEST );
		if ( ! current_user_can( 'manage_options' ) ) {
			wp_die( esc_html__( 'You may not do this.', 'onefunders-analyze' ), '', array( 'response' => 403 ) );
		}
		$told = $this->test->run();
		$this->notices->keep( $told['good'] ? 'success' : 'error', $told['text'] );
		$this->back();
	}

	/**
	 * Why a value is refused, '' when it is not.
	 *
	 * @param string $name  Option.
	 * @param string $value Value.
	 * @return string
	 */
	private static function fault( $name, $value ) {
		if ( 'onefunders_api_url' === $name && ( '' === OneFunders_Settings::origin_of( $value ) || ! OneFunders_Settings::may_call( OneFunders_Settings::origin_of( $value ) ) ) ) {
			return __( 'The API address must be https://host without a path.', 'onefunders-analyze' );
		}
		if ( 'onefunders_hmac_key_id' === $name && 1 !== preg_match( '/\A[A-Za-z0-9._-]{1,64}\z/', $value ) ) {
			return OneFunders_Words::code( 'key_id_malformed' );
		}
		if ( 'onefunders_hmac_secret' === $name && strlen( $value ) < 32 ) {
			return __( 'The key has at least 32 characters.', 'onefunders-analyze' );
		}
		if ( 'onefunders_sweep_days' === $name && ( ! ctype_digit( $value ) || (int) $value < 1 || (int) $value > 365 ) ) {
			return __( 'Days: a number from 1 to 365.', 'onefunders-analyze' );
		}
		return '';
	}

	/** To the settings. */
	private function back() {
		wp_safe_redirect( add_query_arg( 'page', self::SLUG, admin_url( 'admin.php' ) ) );
		exit;
	}
}
