<?php
/**
 * What the server said, as the plugin acts on it.
 *
 * @package OneFunders
 */

defined( 'ABSPATH' ) || exit;

/** One classified answer. It never holds the body of a request. */
final class OneFunders_Answer {

	const OK      = 'ok';
	const NETWORK = 'network';
	const RETRY   = 'retry';
	const HALTED  = 'halted';
	const OWNED   = 'owned';
	const REFUSED = 'refused';
	const BROKEN  = 'broken';

	const LONGEST_WAIT = 21600;

	/**
	 * One of the constants.
	 *
	 * @var string
	 */
	public $kind;

	/**
	 * HTTP status, 0 when there was none.
	 *
	 * @var int
	 */
	public $status;

	/**
	 * The server's code, or one of ours.
	 *
	 * @var string
	 */
	public $code;

	/**
	 * The decoded JSON object.
	 *
	 * @var array
	 */
	public $data;

	/**
	 * The server's id of the request, '' when there was none.
	 *
	 * @var string
	 */
	public $request_id;

	/**
	 * Seconds to wait, 0 when the server did not say.
	 *
	 * @var int
	 */
	public $retry_after;

	/**
	 * The server's clock minus ours in seconds, null when unknown.
	 *
	 * @var int|null
	 */
	public $skew;

	/**
	 * An answer.
	 *
	 * @param string   $kind        One of the constants.
	 * @param int      $status      HTTP status.
	 * @param string   $code        Code.
	 * @param array    $data        Decoded body.
	 * @param string   $request_id  Request id.
	 * @param int      $retry_after Seconds.
	 * @param int|null $skew        Seconds.
	 */
	public function __construct( $kind, $status, $code, array $data = array(), $request_id = '', $retry_after = 0, $skew = null ) {
		$this->kind        = $kind;
		$this->status      = $status;
		$this->code        = $code;
		$this->data        = $data;
		$this->request_id  = $request_id;
		$this->retry_after = $retry_after;
		$this->skew        = $skew;
	}

	/**
	 * Classify an HTTP response.
	 *
	 * @param int    $status  HTTP status.
	 * @param string $body    Body.
	 * @param array  $headers Lower-case names: retry-after, x-request-id, date.
	 * @param int    $now     Our unix seconds.
	 * @return OneFunders_Answer
	 */
	public static function of( $status, $body, array $headers, $now ) {
		$data = json_decode( $body, true );
		$data = is_array( $data ) ? $data : null;
		$code = isset( $data['code'] ) && is_string( $data['code'] ) && 1 === preg_match( '/\A[a-z_]{1,64}\z/', $data['code'] ) ? $data['code'] : '';
		$kind = self::kind_of( $status, $data );
		if ( '' === $code ) {
			$code = self::BROKEN === $kind ? 'unexpected_answer' : "http_$status";
		}
		$date = isset( $headers['date'] ) ? strtotime( $headers['date'] ) : false;
		$id   = isset( $headers['x-request-id'] ) ? (string) $headers['x-request-id'] : '';
		return new self(
			$kind,
			$status,
			$code,
			(array) $data,
			1 === preg_match( '/\A[A-Za-z0-9-]{1,64}\z/', $id ) ? $id : '',
			self::wait( isset( $headers['retry-after'] ) ? (string) $headers['retry-after'] : '', $now ),
			false === $date ? null : $date - $now
		);
	}

	/**
	 * No answer came.
	 *
	 * @return OneFunders_Answer
	 */
	public static function none() {
		return new self( self::NETWORK, 0, 'network' );
	}

	/**
	 * Whether trying again may help.
	 *
	 * @return bool
	 */
	public function is_passing() {
		return self::NETWORK === $this->kind || self::RETRY === $this->kind;
	}

	/**
	 * The class of a status.
	 *
	 * @param int        $status HTTP status.
	 * @param array|null $data   Decoded body.
	 * @return string
	 */
	private static function kind_of( $status, $data ) {
		if ( $status >= 200 && $status < 300 ) {
			return null === $data ? self::BROKEN : self::OK;
		}
		if ( $status >= 500 || in_array( $status, array( 408, 425, 429 ), true ) ) {
			return self::RETRY;
		}
		$kinds = array(
			401 => self::HALTED,
			403 => self::HALTED,
			409 => self::OWNED,
			422 => self::REFUSED,
		);
		return isset( $kinds[ $status ] ) ? $kinds[ $status ] : self::BROKEN;
	}

	/**
	 * Seconds of a Retry-After header, which holds seconds or a date.
	 *
	 * @param string $text Header.
	 * @param int    $now  Unix seconds.
	 * @return int
	 */
	private static function wait( $text, $now ) {
		$seconds = ctype_digit( $text ) ? (int) $text : strtotime( $text ) - $now;
		return '' === $text ? 0 : max( 0, min( $seconds, self::LONGEST_WAIT ) );
	}
}
