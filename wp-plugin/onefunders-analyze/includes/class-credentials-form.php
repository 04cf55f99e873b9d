<?php
/**
 * The customer's form for login, server and investor password.
 *
 * @package OneFunders
 */

defined( 'ABSPATH' ) || exit;

/** A password for an account to be connected is sealed and queued; for a connected one it is sent at once and never stored. */
final class OneFunders_Credentials_Form {

	const FIELD  = 'onefunders_credentials';
	const ORDERS = 50;

	/**
	 * Items.
	 *
	 * @var OneFunders_Items
	 */
	private $items;

	/**
	 * Connector.
	 *
	 * @var OneFunders_Order_Connector
	 */
	private $connector;

	/**
	 * Client.
	 *
	 * @var OneFunders_Api_Client
	 */
	private $api;

	/**
	 * WooCommerce.
	 *
	 * @var OneFunders_Woo_Shop
	 */
	private $shop;

	/**
	 * A form.
	 *
	 * @param OneFunders_Items           $items     Items.
	 * @param OneFunders_Order_Connector $connector Connector.
	 * @param OneFunders_Api_Client      $api       Client.
	 * @param OneFunders_Woo_Shop        $shop      WooCommerce.
	 */
	public function __construct( OneFunders_Items $items, OneFunders_Order_Connector $connector, OneFunders_Api_Client $api, OneFunders_Woo_Shop $shop ) {
		$this->items     = $items;
		$this->connector = $connector;
		$this->api       = $api;
		$this->shop      = $shop;
	}

	/** Register. */
	public function register() {
		add_action( 'template_redirect', array( $this, 'submit' ) );
	}

	/**
	 * The nonce of one form.
	 *
	 * @param int $order_id Order.
	 * @param int $item_id  Item.
	 * @return string
	 */
	public static function nonce( $order_id, $item_id ) {
		return self::FIELD . "_{$order_id}_$item_id";
	}

	/**
	 * The forms that a customer is shown: accounts of paid orders.
	 *
	 * @param int $user User.
	 * @return array[] order_id, item_id, state, words, login, server, asks_all, nonce.
	 */
	public function forms( $user ) {
		$forms = array();
		$query = array(
			'customer_id' => $user,
			'status'      => array( 'wc-processing', 'wc-completed' ),
		);
		foreach ( $user > 0 ? $this->items->page( $query, 1, self::ORDERS ) : array() as $item ) {
			$state    = $this->connector->book()->state( $item );
			$waits    = null !== OneFunders_State_Machine::next( $state, 'credentials_given' ) && OneFunders_State_Machine::QUEUED !== $state;
			$forms[] = array(
				'order_id'  => $item->order_id(),
				'item_id'   => $item->item_id(),
				'state'     => $state,
				'words'     => trim( OneFunders_Words::state( $state ) . '. ' . self::reason( $item ) ),
				'login'     => $item->get( 'login' ),
				'server'    => $item->get( 'server' ),
				'asks_all'  => $waits,
				'is_hidden' => OneFunders_State_Machine::CONNECTED !== $state && ! $waits,
				'nonce'     => wp_create_nonce( self::nonce( $item->order_id(), $item->item_id() ) ),
			);
		}
		return $forms;
	}

	/**
	 * How the last form went, once.
	 *
	 * @param int $user User.
	 * @return string
	 */
	public function notice( $user ) {
		$name = "onefunders_form_$user";
		$text = (string) get_transient( $name );
		delete_transient( $name );
		return $text;
	}

	/** Take a form in. */
	public function submit() {
		if ( ! isset( $_POST[ self::FIELD ] ) || ! is_user_logged_in() ) {
			return;
		}
		$order_id = isset( $_POST['order_id'] ) ? absint( wp_unslash( $_POST['order_id'] ) ) : 0;
		$item_id  = isset( $_POST['item_id'] ) ? absint( wp_unslash( $_POST['item_id'] ) ) : 0;
		$nonce    = isset( $_POST[ self::FIELD ] ) ? sanitize_key( wp_unslash( $_POST[ self::FIELD ] ) ) : '';
		$user     = get_current_user_id();
		$item     = wp_verify_nonce( $nonce, self::nonce( $order_id, $item_id ) ) ? $this->items->item( $order_id, $item_id ) : null;
		if ( null === $item || $item->customer_id() !== $user || ! current_user_can( 'read' ) ) {
			wp_die( esc_html__( 'This form is not valid any more. Go back and load the page again.', 'onefunders-analyze' ), '', array( 'response' => 403 ) );
		}
		$fields = array(
			'login'    => isset( $_POST['login'] ) ? self::digits( sanitize_text_field( wp_unslash( $_POST['login'] ) ) ) : '',
			'server'   => isset( $_POST['server'] ) ? sanitize_text_field( wp_unslash( $_POST['server'] ) ) : '',
			'password' => isset( $_POST['investor_pass'] ) ? wp_unslash( $_POST['investor_pass'] ) : '', // phpcs:ignore WordPress.Security.ValidatedSanitizedInput.InputNotSanitized -- validated by is_password; sanitizing would alter it.
		);
		set_transient( "onefunders_form_$user", $this->take( $item, $fields ), MINUTE_IN_SECONDS );
		wp_safe_redirect( $this->shop->account_url( OneFunders_My_Account::ENDPOINT ) );
		exit;
	}

	/**
	 * Act on the fields.
	 *
	 * @param OneFunders_Item $item   Item.
	 * @param array           $fields login, server, password.
	 * @return string What the customer is told.
	 */
	private function take( OneFunders_Item $item, array $fields ) {
		if ( ! OneFunders_Credentials::is_password( $fields['password'] ) ) {
			return __( 'Please enter the investor password: 1 to 64 characters.', 'onefunders-analyze' );
		}
		if ( OneFunders_State_Machine::CONNECTED === $this->connector->book()->state( $item ) ) {
			return $this->change_password( $item, $fields['password'] );
		}
		if ( 1 !== preg_match( '/\A[1-9][0-9]{0,18}\z/', $fields['login'] ) ) {
			return __( 'The login is a number without other signs.', 'onefunders-analyze' );
		}
		if ( ! OneFunders_Connect_Body::is_server( $fields['server'] ) ) {
			return __( 'The server is its name as your terminal shows it, such as Broker-Live1.', 'onefunders-analyze' );
		}
		if ( ! $this->connector->give_credentials( $item, $fields ) ) {
			return __( 'This account does not wait for a password.', 'onefunders-analyze' );
		}
		return __( 'Thank you. Your account is being connected; this takes about a minute.', 'onefunders-analyze' );
	}

	/**
	 * A new password of a connected account: sent at once, never stored.
	 *
	 * @param OneFunders_Item $item     Item.
	 * @param string          $password Password.
	 * @return string
	 */
	private function change_password( OneFunders_Item $item, $password ) {
		$id     = $item->get( 'account_id' );
		$body   = OneFunders_Connect_Body::reason( 'customer:' . $item->customer_id(), 'my account', array( 'investor_pass' => $password ) );
		$answer = $this->api->post( "/api/s2s/accounts/$id/credentials", $body, 'credentials-' . wp_generate_uuid4() );
		if ( OneFunders_Answer::OK === $answer->kind ) {
			return __( 'Thank you. The new password works.', 'onefunders-analyze' );
		}
		if ( in_array( $answer->code, array( 'bad_credentials', 'master_password', 'locked' ), true ) ) {
			return OneFunders_Words::ask_customer( $answer->code );
		}
		return __( 'The password could not be checked now; nothing was changed. Please try again in a few minutes.', 'onefunders-analyze' );
	}

	/**
	 * Why an account waits, for its owner.
	 *
	 * @param OneFunders_Item $item Item.
	 * @return string
	 */
	private static function reason( OneFunders_Item $item ) {
		$code = $item->get( 'last_error_code' );
		if ( in_array( $code, array( 'credentials_missing', 'bad_credentials', 'master_password', 'credentials_expired', 'credentials_unreadable' ), true ) ) {
			return OneFunders_Words::ask_customer( $code );
		}
		return 'unknown_server' === $code ? __( 'Please check the name of the server.', 'onefunders-analyze' ) : '';
	}

	/**
	 * Persian and Arabic digits as Latin ones, blanks at the ends cut.
	 *
	 * @param string $text Text.
	 * @return string
	 */
	private static function digits( $text ) {
		$others = preg_split( '//u', '۰۱۲۳۴۵۶۷۸۹٠١٢٣٤٥٦٧٨٩', -1, PREG_SPLIT_NO_EMPTY );
		return trim( str_replace( $others, str_split( '01234567890123456789' ), $text ) );
	}
}
