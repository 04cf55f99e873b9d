<?php
/**
 * Bodies and keys of calls about one order item.
 *
 * @package OneFunders
 */

defined( 'ABSPATH' ) || exit;

/** Writes JSON once; money goes out digit by digit as the shop has it. */
final class OneFunders_Connect_Body {

	/**
	 * The body of POST /api/connect.
	 *
	 * @param OneFunders_Item $item     Item.
	 * @param string          $password Investor password.
	 * @return string
	 */
	public static function json( OneFunders_Item $item, $password ) {
		$fields = array(
			'login'         => $item->get( 'login' ),
			'investor_pass' => $password,
			'server'        => $item->get( 'server' ),
			'account_type'  => $item->get( 'plan' ),
			'wp_user_id'    => $item->customer_id(),
			'order_id'      => (string) $item->order_id(),
		);
		if ( 1 === preg_match( '/\A[A-Z]{3,8}\z/', $item->currency() ) && '' !== $item->get( 'initial_balance' ) ) {
			$fields['currency'] = $item->currency();
		}
		return self::with_money( $fields, $item->get( 'initial_balance' ) );
	}

	/**
	 * The body of an action of the staff.
	 *
	 * @param string $actor  Who.
	 * @param string $reason Why.
	 * @param array  $more   More fields.
	 * @param string $money  Initial balance, '' for none.
	 * @return string
	 */
	public static function reason( $actor, $reason, array $more = array(), $money = '' ) {
		return self::with_money(
			array(
				'actor'  => $actor,
				'reason' => $reason,
			) + $more,
			$money
		);
	}

	/**
	 * The Idempotency-Key of a job: the same for all its retries, another for other credentials.
	 *
	 * @param OneFunders_Item $item Item.
	 * @param string          $verb connect or end.
	 * @return string
	 */
	public static function job( OneFunders_Item $item, $verb = 'connect' ) {
		return "$verb-{$item->order_id()}-{$item->item_id()}-{$item->get( 'generation' )}";
	}

	/**
	 * Whether a text is an amount that the server takes.
	 *
	 * @param string $text Text.
	 * @return bool
	 */
	public static function is_money( $text ) {
		return 1 === preg_match( '/\A(?!0+(\.0+)?\z)(0|[1-9][0-9]{0,11})(\.[0-9]{1,8})?\z/', $text );
	}

	/**
	 * Whether a text is a broker server's name, as the server takes it.
	 *
	 * @param string $text Text.
	 * @return bool
	 */
	public static function is_server( $text ) {
		return 1 === preg_match( "/\A[A-Za-z0-9][A-Za-z0-9 ._&()+'-]{1,63}\z/", $text );
	}

	/**
	 * JSON with an amount that no encoder has touched.
	 *
	 * @param array  $fields Fields.
	 * @param string $money  Amount, '' for none.
	 * @return string
	 */
	private static function with_money( array $fields, $money ) {
		$json = (string) wp_json_encode( $fields, JSON_UNESCAPED_SLASHES | JSON_UNESCAPED_UNICODE );
		return self::is_money( $money ) ? substr( $json, 0, -1 ) . ',"initial_balance":' . $money . '}' : $json;
	}
}
