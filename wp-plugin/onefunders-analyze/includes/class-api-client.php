<?php
/**
 * Calls the server.
 *
 * @package OneFunders
 */

defined( 'ABSPATH' ) || exit;

/** Signed calls over HTTPS. Bodies are never logged, redirects never followed. */
final class OneFunders_Api_Client {

	const TIMEOUT = 15;

	/**
	 * Settings.
	 *
	 * @var OneFunders_Settings
	 */
	private $settings;

	/**
	 * What is known of the link to the server.
	 *
	 * @var OneFunders_Link
	 */
	private $link;

	/**
	 * The log.
	 *
	 * @var OneFunders_Log
	 */
	private $log;

	/**
	 * A client.
	 *
	 * @param OneFunders_Settings $settings Settings.
	 * @param OneFunders_Link     $link     Link.
	 * @param OneFunders_Log      $log      Log.
	 */
	public function __construct( OneFunders_Settings $settings, OneFunders_Link $link, OneFunders_Log $log ) {
		$this->settings = $settings;
		$this->link     = $link;
		$this->log      = $log;
	}

	/**
	 * Read.
	 *
	 * @param string $target Path with query.
	 * @return OneFunders_Answer
	 */
	public function get( $target ) {
		return $this->call( 'GET', $target, '', null );
	}

	/**
	 * Change something.
	 *
	 * @param string      $target Path.
	 * @param string      $body   JSON, exactly as it is to be sent.
	 * @param string|null $job    Idempotency-Key; the same for every retry of a job.
	 * @return OneFunders_Answer
	 */
	public function post( $target, $body, $job = null ) {
		return $this->call( 'POST', $target, $body, $job );
	}

	/**
	 * One attempt.
	 *
	 * @param string      $method Method.
	 * @param string      $target Path with query.
	 * @param string      $body   Raw body.
	 * @param string|null $job    Idempotency-Key.
	 * @return OneFunders_Answer
	 */
	private function call( $method, $target, $body, $job ) {
		$fault = $this->settings->fault();
		if ( '' !== $fault ) {
			return new OneFunders_Answer( OneFunders_Answer::HALTED, 0, $fault );
		}
		$origin  = $this->settings->origin();
		$signer  = new OneFunders_Signer( $this->settings->key_id(), $this->settings->secret() );
		$headers = $signer->headers( $origin, $method, $target, (string) time(), wp_generate_uuid4(), $body );
		if ( '' !== $body ) {
			$headers['Content-Type'] = 'application/json';
		}
		if ( null !== $job ) {
			$headers['Idempotency-Key'] = $job;
		}
		$response = $this->send( $origin . $target, $method, $headers, $body );
		$answer   = is_wp_error( $response ) ? OneFunders_Answer::none() : $this->read( $response );
		$this->link->heard( $answer );
		$this->log->call( $method, $target, $answer );
		return $answer;
	}

	/**
	 * Over the wire. Not wp_safe_remote_request: it refuses loopback, private hosts and odd ports.
	 *
	 * @param string $url     Address.
	 * @param string $method  Method.
	 * @param array  $headers Headers.
	 * @param string $body    Raw body.
	 * @return array|WP_Error
	 */
	private function send( $url, $method, array $headers, $body ) {
		$insist = static function ( $args, $address ) use ( $url ) {
			if ( $address === $url ) {
				$args['sslverify']   = true;
				$args['redirection'] = 0;
			}
			return $args;
		};
		$verify = '__return_true';
		add_filter( 'http_request_args', $insist, PHP_INT_MAX, 2 );
		add_filter( 'https_ssl_verify', $verify, PHP_INT_MAX );
		add_filter( 'https_local_ssl_verify', $verify, PHP_INT_MAX );
		try {
			return wp_remote_request(
				$url,
				array(
					'method'      => $method,
					'headers'     => $headers,
					'body'        => '' === $body ? null : $body,
					'timeout'     => self::TIMEOUT,
					'redirection' => 0,
					'sslverify'   => true,
					'blocking'    => true,
					'user-agent'  => 'OneFunders-Analyze/' . ONEFUNDERS_VERSION,
				)
			);
		} finally {
			remove_filter( 'http_request_args', $insist, PHP_INT_MAX );
			remove_filter( 'https_ssl_verify', $verify, PHP_INT_MAX );
			remove_filter( 'https_local_ssl_verify', $verify, PHP_INT_MAX );
		}
	}

	/**
	 * The response as an answer.
	 *
	 * @param array $response Response of WordPress.
	 * @return OneFunders_Answer
	 */
	private function read( array $response ) {
		$headers = array();
		foreach ( array( 'retry-after', 'x-request-id', 'date' ) as $name ) {
			$value = wp_remote_retrieve_header( $response, $name );
			if ( is_string( $value ) && '' !== $value ) {
				$headers[ $name ] = $value;
			}
		}
		return OneFunders_Answer::of(
			(int) wp_remote_retrieve_response_code( $response ),
			wp_remote_retrieve_body( $response ),
			$headers,
			time()
		);
	}
}
