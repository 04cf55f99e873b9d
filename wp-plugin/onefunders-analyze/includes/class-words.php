<?php
/**
 * Codes in words.
 *
 * @package OneFunders
 */

defined( 'ABSPATH' ) || exit;

/** Every code and state that the shop can meet, as a sentence that says what to do. */
final class OneFunders_Words {

	/**
	 * A state's name.
	 *
	 * @param string $state State of the order item or of the connection.
	 * @return string
	 */
	public static function state( $state ) {
		$names = array(
			'none'                 => __( 'Not connected', 'onefunders-analyze' ),
			'queued'               => __( 'Waiting to connect', 'onefunders-analyze' ),
			'connecting'           => __( 'Connecting', 'onefunders-analyze' ),
			'connected'            => __( 'Connected', 'onefunders-analyze' ),
			'failed'               => __( 'Failed', 'onefunders-analyze' ),
			'needs_attention'      => __( 'Needs attention', 'onefunders-analyze' ),
			'ready'                => __( 'Connected', 'onefunders-analyze' ),
			'history_loading'      => __( 'Reading the history', 'onefunders-analyze' ),
			'unreconciled'         => __( 'Checking the balance', 'onefunders-analyze' ),
			'backoff'              => __( 'Waiting for the broker', 'onefunders-analyze' ),
			'credentials_rejected' => __( 'Password refused', 'onefunders-analyze' ),
			'needs_operator'       => __( 'Needs the operator', 'onefunders-analyze' ),
			'paused'               => __( 'Paused', 'onefunders-analyze' ),
			'quarantined'          => __( 'Stopped after errors', 'onefunders-analyze' ),
			'deactivated'          => __( 'Deactivated', 'onefunders-analyze' ),
		);
		return isset( $names[ $state ] ) ? $names[ $state ] : $state;
	}

	/**
	 * A tier's name.
	 *
	 * @param string $tier Tier.
	 * @return string
	 */
	public static function tier( $tier ) {
		$names = array(
			'breach_risk' => __( 'Near a limit', 'onefunders-analyze' ),
			'active'      => __( 'Active', 'onefunders-analyze' ),
			'idle'        => __( 'Idle', 'onefunders-analyze' ),
		);
		return isset( $names[ $tier ] ) ? $names[ $tier ] : $tier;
	}

	/**
	 * What a code means and what to do; '' for no code.
	 *
	 * @param string $code Code.
	 * @return string
	 */
	public static function code( $code ) {
		if ( '' === $code ) {
			return '';
		}
		$words = self::codes();
		/* translators: %s: a code such as http_418. */
		return isset( $words[ $code ] ) ? $words[ $code ] : sprintf( __( 'The server answered "%s". Quote the request id from the log to support.', 'onefunders-analyze' ), $code );
	}

	/**
	 * All codes.
	 *
	 * @return array<string, string>
	 */
	private static function codes() {
		return array(
			'credentials_missing'    => __( 'Login, server or investor password is missing. Ask the customer to enter them in My Account.', 'onefunders-analyze' ),
			'no_customer'            => __( 'The order belongs to a guest. Give it to a customer account, then enter the credentials.', 'onefunders-analyze' ),
			'credentials_unreadable' => __( 'The stored password cannot be opened with the present key. Ask the customer to enter it again.', 'onefunders-analyze' ),
			'credentials_expired'    => __( 'The password waited too long and was wiped. Ask the customer to enter it again.', 'onefunders-analyze' ),
			'bad_credentials'        => __( 'The broker refused login or password. Ask the customer for the right investor password.', 'onefunders-analyze' ),
			'master_password'        => __( 'This is the master password. Ask the customer for the investor (read-only) password.', 'onefunders-analyze' ),
			'unknown_server'         => __( 'This broker server is not known to the analysis server. Check its spelling.', 'onefunders-analyze' ),
			'unknown_plan'           => __( 'This plan is not known to the analysis server. Correct the plan of the product.', 'onefunders-analyze' ),
			'needs_operator'         => __( 'The broker asks for something only the operator can do (account disabled, one-time password or API off).', 'onefunders-analyze' ),
			'locked'                 => __( 'Too many wrong passwords: the login is locked for a while. Try again later with the right password.', 'onefunders-analyze' ),
			'owned_by_other'         => __( 'This login belongs to another customer already. Clear it up with both customers.', 'onefunders-analyze' ),
			'invalid'                => __( 'The server refused a field of the account. Check login, server and plan.', 'onefunders-analyze' ),
			'idempotency_mismatch'   => __( 'The same job was sent with other data before. Enter the credentials again.', 'onefunders-analyze' ),
			'rate_limited'           => __( 'Too many calls. It is tried again by itself.', 'onefunders-analyze' ),
			'unavailable'            => __( 'The analysis server is not available. It is tried again by itself.', 'onefunders-analyze' ),
			'network'                => __( 'The analysis server did not answer. It is tried again by itself.', 'onefunders-analyze' ),
			'internal'               => __( 'Something went wrong. It is tried again by itself.', 'onefunders-analyze' ),
			'unauthorized'           => __( 'The server refused the signature. Check the clock of this machine and the key in the settings, then press "Test connection".', 'onefunders-analyze' ),
			'forbidden'              => __( 'The key may not do this. Use a key with the scopes connect, exchange and admin.', 'onefunders-analyze' ),
			'not_found'              => __( 'The server does not know this account.', 'onefunders-analyze' ),
			'misdirected'            => __( 'The server does not serve this address. Check the API address in the settings.', 'onefunders-analyze' ),
			'unexpected_answer'      => __( 'The answer was not that of the analysis server (a redirect or a page of something else). Check the API address in the settings.', 'onefunders-analyze' ),
			'not_configured'         => __( 'API address or key is missing in the settings.', 'onefunders-analyze' ),
			'key_id_malformed'       => __( 'The key id may hold letters, digits, dot, dash and underscore only.', 'onefunders-analyze' ),
			'https_required'         => __( 'The API address must begin with https://.', 'onefunders-analyze' ),
			'still_connecting'       => __( 'Still connecting after an hour. It is looked at again once a day.', 'onefunders-analyze' ),
			'terminal_unavailable'   => __( 'The trading terminal is not available. It is tried again by itself.', 'onefunders-analyze' ),
			'account_disabled'       => __( 'The broker has disabled this account.', 'onefunders-analyze' ),
			'otp_required'           => __( 'The broker asks for a one-time password.', 'onefunders-analyze' ),
			'api_disabled'           => __( 'The broker does not allow the API for this account.', 'onefunders-analyze' ),
		);
	}

	/**
	 * The note of a change, for staff.
	 *
	 * @param OneFunders_Item $item  Item.
	 * @param string          $state State.
	 * @param string          $code  Code.
	 * @return string
	 */
	public static function note( OneFunders_Item $item, $state, $code ) {
		$login = self::masked( $item->get( 'login' ) );
		/* translators: 1: masked login, 2: state. */
		$text = sprintf( __( 'OneFunders account %1$s: %2$s.', 'onefunders-analyze' ), '' === $login ? '?' : $login, self::state( $state ) );
		return trim( $text . ' ' . self::code( $code ) );
	}

	/**
	 * What the customer is told when a password is needed.
	 *
	 * @param string $code Code.
	 * @return string
	 */
	public static function ask_customer( $code ) {
		if ( 'master_password' === $code ) {
			return __( 'Please enter the investor (read-only) password of your trading account, not the master password: open My Account, then Trading dashboard.', 'onefunders-analyze' );
		}
		if ( 'credentials_missing' === $code ) {
			return __( 'One step is left: enter login, server and investor password of your trading account. Open My Account, then Trading dashboard.', 'onefunders-analyze' );
		}
		return __( 'We could not log in to your trading account. Please enter its investor password again: open My Account, then Trading dashboard.', 'onefunders-analyze' );
	}

	/**
	 * A login with its middle hidden.
	 *
	 * @param string $login Login.
	 * @return string
	 */
	public static function masked( $login ) {
		$length = strlen( $login );
		if ( $length < 4 ) {
			return str_repeat( '•', $length );
		}
		$shown = $length < 7 ? 1 : 2;
		return substr( $login, 0, $shown ) . str_repeat( '•', $length - 2 * $shown ) . substr( $login, -$shown );
	}
}
