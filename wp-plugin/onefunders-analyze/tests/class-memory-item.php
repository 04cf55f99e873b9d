<?php
/**
 * An order item in memory: what was saved is kept apart from what was only set.
 *
 * @package OneFunders
 */

final class Memory_Item implements OneFunders_Item {

	public $meta         = array();
	public $saved        = array();
	public $notes        = array();
	public $customer     = 7;
	public $order_status = 'processing';
	public $saves        = 0;
	public $fields;
	public $every_value  = array();

	public function __construct( array $fields = array() ) {
		$this->fields = $fields + array(
			'login'           => '5001',
			'server'          => 'Broker-1',
			'plan'            => 'two-step',
			'password'        => 'canary-Pa55',
			'initial_balance' => '100000.10',
		);
	}

	public function order_id() {
		return 11;
	}

	public function item_id() {
		return 22;
	}

	public function customer_id() {
		return $this->customer;
	}

	public function order_status() {
		return $this->order_status;
	}

	public function currency() {
		return 'USD';
	}

	public function get( $key ) {
		return $this->meta[ $key ] ?? '';
	}

	public function set( $key, $value ) {
		if ( '' === $value ) {
			unset( $this->meta[ $key ] );
		} else {
			$this->meta[ $key ] = $value;
		}
	}

	public function fields() {
		return $this->fields;
	}

	public function forget_plain_password() {
		$this->fields['password'] = '';
	}

	public function save() {
		++$this->saves;
		$this->saved       = $this->meta;
		$this->every_value = array_merge( $this->every_value, array_values( $this->meta ) );
	}

	public function note( $text, $for_customer = false ) {
		$this->notes[] = $text;
	}
}
