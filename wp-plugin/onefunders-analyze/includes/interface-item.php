<?php
/**
 * One order item that is an account.
 *
 * @package OneFunders
 */

defined( 'ABSPATH' ) || exit;

/** Meta data is read and changed in memory; save() stores it. */
interface OneFunders_Item {

	/** The order's id. @return int */
	public function order_id();

	/** The item's id. @return int */
	public function item_id();

	/** The customer's user id, 0 for a guest. @return int */
	public function customer_id();

	/** The order's status, without prefix. @return string */
	public function order_status();

	/** The order's currency. @return string */
	public function currency();

	/**
	 * Our meta data of the item, '' when there is none.
	 *
	 * @param string $key Key without prefix.
	 * @return string
	 */
	public function get( $key );

	/**
	 * Set our meta data in memory; '' removes it.
	 *
	 * @param string $key   Key without prefix.
	 * @param string $value Text.
	 */
	public function set( $key, $value );

	/**
	 * Login, server, plan, password and initial balance as the shop has them.
	 *
	 * @return array{login: string, server: string, plan: string, password: string, initial_balance: string}
	 */
	public function fields();

	/** Remove a password that another plugin left in clear text, in memory. */
	public function forget_plain_password();

	/** Store everything. */
	public function save();

	/**
	 * Add a note to the order.
	 *
	 * @param string $text         Text without a credential.
	 * @param bool   $for_customer Whether the customer is told.
	 */
	public function note( $text, $for_customer = false );
}
