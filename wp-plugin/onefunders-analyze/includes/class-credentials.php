<?php
/**
 * Seals investor passwords.
 *
 * @package OneFunders
 */

defined( 'ABSPATH' ) || exit;

/**
 * Libsodium's secretbox under a key that is bound to one order item: a sealed password that is
 * copied to another order cannot be opened there.
 */
final class OneFunders_Credentials {

	const VERSION = 'v1.';
	const LONGEST = 64;

	/**
	 * The shop's key, 32 bytes.
	 *
	 * @var string
	 */
	private $key;

	/**
	 * With a key of any length.
	 *
	 * @param string $secret Constant or salts.
	 */
	public function __construct( $secret ) {
		$this->key = sodium_crypto_generichash( $secret, '', SODIUM_CRYPTO_SECRETBOX_KEYBYTES );
	}

	/**
	 * Whether a text can be an investor password: 1 to 64 characters, none of control. It is never
	 * trimmed or changed.
	 *
	 * @param mixed $password Text.
	 * @return bool
	 */
	public static function is_password( $password ) {
		return is_string( $password )
			&& 1 === preg_match( '/\A[^\x{00}-\x{1f}\x{7f}-\x{9f}]{1,' . self::LONGEST . '}\z/u', $password );
	}

	/**
	 * Seal.
	 *
	 * @param string $password Password.
	 * @param int    $order_id Order.
	 * @param int    $item_id  Item.
	 * @return string
	 */
	public function seal( $password, $order_id, $item_id ) {
		$nonce = random_bytes( SODIUM_CRYPTO_SECRETBOX_NONCEBYTES );
		$box   = sodium_crypto_secretbox( $password, $nonce, $this->bound( $order_id, $item_id ) );
		return self::VERSION . sodium_bin2base64( $nonce . $box, SODIUM_BASE64_VARIANT_ORIGINAL );
	}

	/**
	 * Open; null when the key is another one, the text was changed, or it was sealed elsewhere.
	 *
	 * @param string $sealed   Sealed text.
	 * @param int    $order_id Order.
	 * @param int    $item_id  Item.
	 * @return string|null
	 */
	public function open( $sealed, $order_id, $item_id ) {
		if ( 0 !== strpos( $sealed, self::VERSION ) ) {
			return null;
		}
		$bytes = base64_decode( substr( $sealed, strlen( self::VERSION ) ), true );
		if ( false === $bytes || strlen( $bytes ) <= SODIUM_CRYPTO_SECRETBOX_NONCEBYTES ) {
			return null;
		}
		$password = sodium_crypto_secretbox_open(
			substr( $bytes, SODIUM_CRYPTO_SECRETBOX_NONCEBYTES ),
			substr( $bytes, 0, SODIUM_CRYPTO_SECRETBOX_NONCEBYTES ),
			$this->bound( $order_id, $item_id )
		);
		return false === $password ? null : $password;
	}

	/**
	 * The key of one order item.
	 *
	 * @param int $order_id Order.
	 * @param int $item_id  Item.
	 * @return string
	 */
	private function bound( $order_id, $item_id ) {
		return sodium_crypto_generichash( "investor password $order_id/$item_id", $this->key, SODIUM_CRYPTO_SECRETBOX_KEYBYTES );
	}
}
