<?php
/**
 * Settings: the constant first, the option second.
 *
 * @package OneFunders
 */

defined( 'ABSPATH' ) || exit;

/** Reads settings. Options are not autoloaded; nothing here writes. */
final class OneFunders_Settings {

	const CAPABILITY = 'manage_onefunders_accounts';

	const CONSTANTS = array(
		'onefunders_api_url'     => 'ONEFUNDERS_API_URL',
		'onefunders_hmac_key_id' => 'ONEFUNDERS_HMAC_KEY_ID',
		'onefunders_hmac_secret' => 'ONEFUNDERS_HMAC_SECRET',
	);

	const DEFAULTS = array(
		'onefunders_api_url'        => '',
		'onefunders_hmac_key_id'    => 'primary',
		'onefunders_hmac_secret'    => '',
		'onefunders_sweep_days'     => '14',
		'onefunders_field_login'    => '_onefunders_login',
		'onefunders_field_server'   => '_onefunders_server',
		'onefunders_field_plan'     => '_onefunders_plan',
		'onefunders_field_password' => '_onefunders_password',
	);

	/**
	 * A setting's text.
	 *
	 * @param string $name Option name.
	 * @return string
	 */
	public function text( $name ) {
		if ( $this->is_constant( $name ) ) {
			return (string) constant( self::CONSTANTS[ $name ] );
		}
		$value = get_option( $name, self::DEFAULTS[ $name ] );
		return is_string( $value ) && '' !== $value ? $value : self::DEFAULTS[ $name ];
	}

	/**
	 * Whether a constant decides.
	 *
	 * @param string $name Option name.
	 * @return bool
	 */
	public function is_constant( $name ) {
		return isset( self::CONSTANTS[ $name ] ) && defined( self::CONSTANTS[ $name ] );
	}

	/**
	 * The server's origin: scheme://host[:port] in lower case, without a default port; '' if unset.
	 *
	 * @return string
	 */
	public function origin() {
		return self::origin_of( $this->text( 'onefunders_api_url' ) );
	}

	/**
	 * The origin of an address, '' when it is none.
	 *
	 * @param string $url Address.
	 * @return string
	 */
	public static function origin_of( $url ) {
		$parts = wp_parse_url( strtolower( trim( $url ) ) );
		if ( ! is_array( $parts ) || empty( $parts['scheme'] ) || empty( $parts['host'] ) ) {
			return '';
		}
		if ( array_diff( array_keys( $parts ), array( 'scheme', 'host', 'port', 'path' ) ) || ! in_array( isset( $parts['path'] ) ? $parts['path'] : '/', array( '', '/' ), true ) ) {
			return '';
		}
		$usual  = array(
			'https' => 443,
			'http'  => 80,
		);
		$origin = $parts['scheme'] . '://' . $parts['host'];
		if ( isset( $parts['port'], $usual[ $parts['scheme'] ] ) && $parts['port'] !== $usual[ $parts['scheme'] ] ) {
			$origin .= ':' . $parts['port'];
		}
		return isset( $usual[ $parts['scheme'] ] ) ? $origin : '';
	}

	/**
	 * Id of the key.
	 *
	 * @return string
	 */
	public function key_id() {
		return $this->text( 'onefunders_hmac_key_id' );
	}

	/**
	 * The key.
	 *
	 * @return string
	 */
	public function secret() {
		return $this->text( 'onefunders_hmac_secret' );
	}

	/**
	 * Why no call can be made: a code, '' when one can.
	 *
	 * @return string
	 */
	public function fault() {
		$origin = $this->origin();
		if ( '' === $origin || '' === $this->secret() ) {
			return 'not_configured';
		}
		if ( 1 !== preg_match( '/\A[A-Za-z0-9._-]{1,64}\z/', $this->key_id() ) ) {
			return 'key_id_malformed';
		}
		return self::may_call( $origin ) ? '' : 'https_required';
	}

	/**
	 * Plain HTTP only to this machine and only while debugging.
	 *
	 * @param string $origin Origin.
	 * @return bool
	 */
	public static function may_call( $origin ) {
		if ( 0 === strpos( $origin, 'https://' ) ) {
			return true;
		}
		$host = wp_parse_url( $origin, PHP_URL_HOST );
		return defined( 'WP_DEBUG' ) && WP_DEBUG && in_array( $host, array( '127.0.0.1', 'localhost', '[::1]' ), true );
	}

	/**
	 * Days after which a sealed password is wiped.
	 *
	 * @return int
	 */
	public function sweep_days() {
		return max( 1, min( 365, (int) $this->text( 'onefunders_sweep_days' ) ) );
	}

	/**
	 * What the credential key is made of; the salts when no constant is set.
	 *
	 * @return string
	 */
	public function credential_secret() {
		return $this->has_credential_key()
			? (string) constant( 'ONEFUNDERS_CREDENTIAL_KEY' )
			: wp_salt( 'auth' ) . wp_salt( 'secure_auth' );
	}

	/**
	 * Whether the shop has a credential key of its own.
	 *
	 * @return bool
	 */
	public function has_credential_key() {
		return defined( 'ONEFUNDERS_CREDENTIAL_KEY' ) && strlen( (string) constant( 'ONEFUNDERS_CREDENTIAL_KEY' ) ) >= 32;
	}

	/**
	 * The capability that staff needs.
	 *
	 * @return string
	 */
	public function capability() {
		return (string) apply_filters( 'onefunders_capability', self::CAPABILITY );
	}
}
