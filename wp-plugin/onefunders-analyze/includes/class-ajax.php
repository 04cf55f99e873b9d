<?php
/**
 * The token of the dashboard.
 *
 * @package OneFunders
 */

defined( 'ABSPATH' ) || exit;

/** For logged-in users only; the user is the session's, never the request's. Logs neither token nor user. */
final class OneFunders_Ajax {

	const ACTION     = 'onefunders_token';
	const PER_MINUTE = 20;

	/**
	 * Client.
	 *
	 * @var OneFunders_Api_Client
	 */
	private $api;

	/**
	 * An endpoint.
	 *
	 * @param OneFunders_Api_Client $api Client.
	 */
	public function __construct( OneFunders_Api_Client $api ) {
		$this->api = $api;
	}

	/** Register; there is no hook for visitors. */
	public function register() {
		add_action( 'wp_ajax_' . self::ACTION, array( $this, 'token' ) );
	}

	/** Answer with token and expires_at, or no_accounts. */
	public function token() {
		nocache_headers();
		if ( ! is_user_logged_in() || ! current_user_can( 'read' ) ) {
			wp_send_json_error( array( 'code' => 'unauthorized' ), 403 );
		}
		if ( false === check_ajax_referer( self::ACTION, 'nonce', false ) ) {
			wp_send_json_error( array( 'code' => 'nonce' ), 403 );
		}
		$user = get_current_user_id();
		if ( $this->is_too_often( $user ) ) {
			wp_send_json_error( array( 'code' => 'rate_limited' ), 429 );
		}
		$answer = $this->api->post( '/api/auth/exchange', (string) wp_json_encode( array( 'wp_user_id' => $user ) ) );
		if ( 404 === $answer->status ) {
			wp_send_json_success( array( 'no_accounts' => true ) );
		}
		if ( OneFunders_Answer::OK !== $answer->kind || ! isset( $answer->data['token'], $answer->data['expires_at'] ) ) {
			wp_send_json_error( array( 'code' => $answer->code ), 503 );
		}
		wp_send_json_success(
			array(
				'token'      => (string) $answer->data['token'],
				'expires_at' => (string) $answer->data['expires_at'],
			)
		);
	}

	/**
	 * Whether a user asks too often.
	 *
	 * @param int $user User.
	 * @return bool
	 */
	private function is_too_often( $user ) {
		$name  = "onefunders_tokens_{$user}_" . (int) ( time() / MINUTE_IN_SECONDS );
		$count = 1 + (int) get_transient( $name );
		set_transient( $name, $count, MINUTE_IN_SECONDS );
		return $count > self::PER_MINUTE;
	}
}
