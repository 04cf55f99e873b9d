<?php
/**
 * Signs calls to the server.
 *
 * @package OneFunders
 */

defined( 'ABSPATH' ) || exit;

/**
 * HMAC-SHA256 over eight lines: version, key id, audience, method, target, time, nonce, body hash.
 *
 * The bytes that are sent are the bytes that are signed; nothing is normalised.
 */
final class OneFunders_Signer {

	const VERSION = 'v1';

	/**
	 * Id of the key.
	 *
	 * @var string
	 */
	private $key_id;

	/**
	 * The key: the text itself.
	 *
	 * @var string
	 */
	private $secret;

	/**
	 * A signer with one key.
	 *
	 * @param string $key_id Id of the key.
	 * @param string $secret The key.
	 */
	public function __construct( $key_id, $secret ) {
		$this->key_id = $key_id;
		$this->secret = $secret;
	}

	/**
	 * The text under the signature.
	 *
	 * @param string $audience  Origin of the server.
	 * @param string $method    HTTP method in capitals.
	 * @param string $target    Path with query, exactly as sent.
	 * @param string $timestamp Unix seconds, ten digits.
	 * @param string $nonce     16 to 64 of A-Z a-z 0-9 _ -.
	 * @param string $body      Raw bytes of the body.
	 * @return string
	 * @throws InvalidArgumentException When a field has a character that could forge a line.
	 */
	public function text( $audience, $method, $target, $timestamp, $nonce, $body ) {
		$forms = array(
			array( '/\A[A-Za-z0-9._-]{1,64}\z/', $this->key_id ),
			array( '#\Ahttps?://[a-z0-9.\[\]:-]+\z#', $audience ),
			array( '/\A[A-Z]{1,16}\z/', $method ),
			array( '#\A/[!-~]*\z#', $target ),
			array( '/\A[0-9]{10}\z/', $timestamp ),
			array( '/\A[A-Za-z0-9_-]{16,64}\z/', $nonce ),
		);
		foreach ( $forms as list( $form, $value ) ) {
			if ( 1 !== preg_match( $form, $value ) ) {
				throw new InvalidArgumentException( 'a signed field has a character outside its set' );
			}
		}
		$lines = array( self::VERSION, $this->key_id, $audience, $method, $target, $timestamp, $nonce, hash( 'sha256', $body ) );
		return implode( "\n", $lines ) . "\n";
	}

	/**
	 * The four headers of one attempt.
	 *
	 * @param string $audience  Origin of the server.
	 * @param string $method    HTTP method.
	 * @param string $target    Path with query.
	 * @param string $timestamp Unix seconds.
	 * @param string $nonce     A fresh one for each attempt.
	 * @param string $body      Raw bytes.
	 * @return array<string, string>
	 */
	public function headers( $audience, $method, $target, $timestamp, $nonce, $body ) {
		$text = $this->text( $audience, $method, $target, $timestamp, $nonce, $body );
		return array(
			'X-OneFunders-Signature' => self::VERSION . '=' . hash_hmac( 'sha256', $text, $this->secret ),
			'X-OneFunders-Timestamp' => $timestamp,
			'X-OneFunders-Nonce'     => $nonce,
			'X-OneFunders-Key'       => $this->key_id,
		);
	}
}
