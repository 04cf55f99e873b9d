<?php
/**
 * The test of the connection.
 *
 * @package OneFunders
 */

defined( 'ABSPATH' ) || exit;

/** DNS, TLS, signature, scopes, clock and version, told in one sentence. */
final class OneFunders_Connection_Test {

	const SCOPES = array( 'connect', 'exchange', 'admin' );

	/**
	 * Settings.
	 *
	 * @var OneFunders_Settings
	 */
	private $settings;

	/**
	 * Client.
	 *
	 * @var OneFunders_Api_Client
	 */
	private $api;

	/**
	 * A test.
	 *
	 * @param OneFunders_Settings   $settings Settings.
	 * @param OneFunders_Api_Client $api      Client.
	 */
	public function __construct( OneFunders_Settings $settings, OneFunders_Api_Client $api ) {
		$this->settings = $settings;
		$this->api      = $api;
	}

	/**
	 * Run.
	 *
	 * @return array{good: bool, text: string}
	 */
	public function run() {
		$answer = $this->api->get( '/api/s2s/ping' );
		if ( OneFunders_Answer::NETWORK === $answer->kind ) {
			return $this->told( false, $this->network() );
		}
		if ( OneFunders_Answer::OK !== $answer->kind || ! isset( $answer->data['version'], $answer->data['skew_seconds'], $answer->data['scopes'] ) ) {
			return $this->told( false, OneFunders_Words::code( OneFunders_Answer::OK === $answer->kind ? 'unexpected_answer' : $answer->code ) );
		}
		$missing = array_diff( self::SCOPES, (array) $answer->data['scopes'] );
		if ( array() !== $missing ) {
			/* translators: %s: scopes such as "connect, admin". */
			return $this->told( false, sprintf( __( 'The key lacks the scopes: %s.', 'onefunders-analyze' ), implode( ', ', $missing ) ) );
		}
		/* translators: 1: version of the server, 2: seconds. */
		$text = sprintf( __( 'Connected: server %1$s, the clocks differ by %2$d s.', 'onefunders-analyze' ), sanitize_text_field( (string) $answer->data['version'] ), abs( (int) $answer->data['skew_seconds'] ) );
		return $this->told( true, $text );
	}

	/**
	 * Why no answer came.
	 *
	 * @return string
	 */
	private function network() {
		$host = (string) wp_parse_url( $this->settings->origin(), PHP_URL_HOST );
		if ( false === filter_var( trim( $host, '[]' ), FILTER_VALIDATE_IP ) && gethostbyname( $host ) === $host ) {
			/* translators: %s: host name. */
			return sprintf( __( 'The name %s cannot be resolved (DNS).', 'onefunders-analyze' ), $host );
		}
		return __( 'The server could not be reached, or its TLS certificate is not valid.', 'onefunders-analyze' );
	}

	/**
	 * An answer.
	 *
	 * @param bool   $good Whether all is well.
	 * @param string $text Text.
	 * @return array{good: bool, text: string}
	 */
	private function told( $good, $text ) {
		return array(
			'good' => $good,
			'text' => $text,
		);
	}
}
