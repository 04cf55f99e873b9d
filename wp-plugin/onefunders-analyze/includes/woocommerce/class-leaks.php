<?php
/**
 * Keeps our meta data out of what WooCommerce hands out.
 *
 * @package OneFunders
 */

defined( 'ABSPATH' ) || exit;

/**
 * REST, webhooks, mails and the order screen. The sealed password is of no use outside, yet there
 * is no reason for it to leave; a field in clear text of another plugin must not.
 */
final class OneFunders_Woo_Leaks {

	const SECRETS = array( '_onefunders_sealed', '_onefunders_password' );

	/**
	 * Settings.
	 *
	 * @var OneFunders_Settings
	 */
	private $settings;

	/**
	 * For these settings.
	 *
	 * @param OneFunders_Settings $settings Settings.
	 */
	public function __construct( OneFunders_Settings $settings ) {
		$this->settings = $settings;
	}

	/** Register. */
	public function register() {
		add_filter( 'woocommerce_rest_prepare_shop_order_object', array( $this, 'rest' ), PHP_INT_MAX );
		add_filter( 'woocommerce_webhook_payload', array( $this, 'strip' ), PHP_INT_MAX );
		add_filter( 'woocommerce_hidden_order_itemmeta', array( $this, 'hidden' ) );
		add_filter( 'woocommerce_order_item_get_formatted_meta_data', array( $this, 'shown' ), PHP_INT_MAX );
		add_filter( 'is_protected_meta', array( $this, 'is_protected' ), 10, 2 );
	}

	/**
	 * A REST answer without secrets.
	 *
	 * @param mixed $response Response.
	 * @return mixed
	 */
	public function rest( $response ) {
		if ( $response instanceof WP_REST_Response ) {
			$response->set_data( $this->strip( $response->get_data() ) );
		}
		return $response;
	}

	/**
	 * Data without secrets, at any depth: rows with one of the keys, and values under one.
	 *
	 * @param mixed $data Data.
	 * @return mixed
	 */
	public function strip( $data ) {
		if ( ! is_array( $data ) ) {
			return $data;
		}
		$kept = array();
		foreach ( $data as $key => $value ) {
			if ( ( is_string( $key ) && $this->is_secret( $key ) ) || $this->is_secret( $this->key_of( $value ) ) ) {
				continue;
			}
			$kept[ $key ] = $this->strip( $value );
		}
		return array_keys( $data ) === range( 0, count( $data ) - 1 ) ? array_values( $kept ) : $kept;
	}

	/**
	 * Keys that the order screen does not list.
	 *
	 * @param mixed $keys Keys.
	 * @return array
	 */
	public function hidden( $keys ) {
		$ours = array( 'state', 'account_id', 'attempts', 'last_error_code', 'connected_at', 'credentials_wiped_at', 'sealed_at', 'generation', 'history', 'login', 'server', 'plan', 'initial_balance' );
		foreach ( $ours as $name ) {
			$keys[] = OneFunders_Woo_Item::PREFIX . $name;
		}
		return array_merge( (array) $keys, self::SECRETS, array( $this->settings->text( 'onefunders_field_password' ) ) );
	}

	/**
	 * Meta data of an item as mails and order pages show it, without a shop's own password field.
	 *
	 * @param mixed $rows Objects with a key, by id.
	 * @return array
	 */
	public function shown( $rows ) {
		$kept = array();
		foreach ( (array) $rows as $id => $row ) {
			if ( ! is_object( $row ) || ! isset( $row->key ) || ! $this->is_secret( (string) $row->key ) ) {
				$kept[ $id ] = $row;
			}
		}
		return $kept;
	}

	/**
	 * Our keys are protected: neither custom-field boxes nor mails show them.
	 *
	 * @param bool   $is_protected Whether it is.
	 * @param string $key          Key.
	 * @return bool
	 */
	public function is_protected( $is_protected, $key ) {
		return $is_protected || 0 === strpos( (string) $key, OneFunders_Woo_Item::PREFIX ) || $this->is_secret( (string) $key );
	}

	/**
	 * The key of a row of meta data, '' for anything else.
	 *
	 * @param mixed $row Row: an array, or WooCommerce's object with get_data().
	 * @return string
	 */
	private function key_of( $row ) {
		if ( is_object( $row ) && is_callable( array( $row, 'get_data' ) ) ) {
			$row = $row->get_data();
		}
		return is_array( $row ) && isset( $row['key'] ) && is_string( $row['key'] ) ? $row['key'] : '';
	}

	/**
	 * Whether a key holds a password.
	 *
	 * @param string $key Key.
	 * @return bool
	 */
	private function is_secret( $key ) {
		return '' !== $key && ( in_array( $key, self::SECRETS, true ) || $key === $this->settings->text( 'onefunders_field_password' ) );
	}
}
