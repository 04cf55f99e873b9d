<?php
/**
 * One order item in WooCommerce.
 *
 * @package OneFunders
 */

defined( 'ABSPATH' ) || exit;

/** Order and item by their CRUD methods; fields come through one filter. */
final class OneFunders_Woo_Item implements OneFunders_Item {

	const PREFIX = '_onefunders_';

	/**
	 * The order.
	 *
	 * @var WC_Order
	 */
	private $order;

	/**
	 * The order's own item object, so that the order's save() stores it.
	 *
	 * @var WC_Order_Item
	 */
	private $item;

	/**
	 * Meta keys of the shop's fields: login, server, plan, password.
	 *
	 * @var array<string, string>
	 */
	private $keys;

	/**
	 * Whether the order holds no other account, so that fields of the order belong to this one.
	 *
	 * @var bool
	 */
	private $alone;

	/**
	 * An item of an order.
	 *
	 * @param WC_Order      $order Order.
	 * @param WC_Order_Item $item  Item.
	 * @param array         $keys  Meta keys.
	 * @param bool          $alone Whether it is the order's only account.
	 */
	public function __construct( $order, $item, array $keys, $alone ) {
		$this->order = $order;
		$this->item  = $item;
		$this->keys  = $keys;
		$this->alone = $alone;
	}

	/**
	 * The plan of an item: its own meta data, its product's, its order's.
	 *
	 * @param WC_Order      $order Order.
	 * @param WC_Order_Item $item  Item.
	 * @param string        $key   Meta key.
	 * @return string
	 */
	public static function plan_of( $order, $item, $key ) {
		foreach ( array( $item->get_meta( $key, true ), self::of_product( $item, $key ), $order->get_meta( $key, true ) ) as $plan ) {
			if ( is_string( $plan ) && '' !== $plan ) {
				return $plan;
			}
		}
		return '';
	}

	/**
	 * What the item's product says; a variation inherits what it does not say itself.
	 *
	 * @param WC_Order_Item $item Item.
	 * @param string        $key  Meta key.
	 * @return string
	 */
	private static function of_product( $item, $key ) {
		$product = is_callable( array( $item, 'get_product' ) ) ? $item->get_product() : false;
		if ( ! is_object( $product ) ) {
			return '';
		}
		return OneFunders_Product_Box::value( $product->get_id(), $key );
	}

	/** The order's id. @return int */
	public function order_id() {
		return (int) $this->order->get_id();
	}

	/** The item's id. @return int */
	public function item_id() {
		return (int) $this->item->get_id();
	}

	/** The customer's user id. @return int */
	public function customer_id() {
		return (int) $this->order->get_customer_id();
	}

	/** The order's status. @return string */
	public function order_status() {
		return (string) $this->order->get_status();
	}

	/** The order's currency. @return string */
	public function currency() {
		return (string) $this->order->get_currency();
	}

	/**
	 * Our meta data, of the item alone.
	 *
	 * @param string $key Key without prefix.
	 * @return string
	 */
	public function get( $key ) {
		$value = $this->item->get_meta( self::PREFIX . $key, true );
		return is_scalar( $value ) ? (string) $value : '';
	}

	/**
	 * Set in memory.
	 *
	 * @param string $key   Key without prefix.
	 * @param string $value Text, '' removes.
	 */
	public function set( $key, $value ) {
		if ( '' === $value ) {
			$this->item->delete_meta_data( self::PREFIX . $key );
		} else {
			$this->item->update_meta_data( self::PREFIX . $key, $value );
		}
	}

	/** The shop's fields. @return array */
	public function fields() {
		$server = $this->field( 'server' );
		$fields = array(
			'login'           => $this->field( 'login' ),
			'server'          => '' === $server ? self::of_product( $this->item, $this->keys['server'] ) : $server,
			'plan'            => self::plan_of( $this->order, $this->item, $this->keys['plan'] ),
			'password'        => $this->field( 'password' ),
			'initial_balance' => self::of_product( $this->item, self::PREFIX . 'initial_balance' ),
		);
		/**
		 * Login, server, plan, password and initial balance of an account on an order.
		 *
		 * @param array $fields   The fields as texts.
		 * @param int   $order_id The order.
		 * @param int   $item_id  The order item.
		 */
		$given = apply_filters( 'onefunders_account_fields', $fields, $this->order_id(), $this->item_id() );
		return array_map( 'strval', array_intersect_key( is_array( $given ) ? $given + $fields : $fields, $fields ) );
	}

	/** Remove a password that another plugin left in clear text, in memory. */
	public function forget_plain_password() {
		$this->item->delete_meta_data( $this->keys['password'] );
		if ( $this->alone ) {
			$this->order->delete_meta_data( $this->keys['password'] );
		}
	}

	/** Whether a password lies in clear text. @return bool */
	public function has_plain_password() {
		return '' !== $this->field( 'password' );
	}

	/** Store order and item. */
	public function save() {
		$this->order->save();
	}

	/**
	 * Add a note.
	 *
	 * @param string $text         Text.
	 * @param bool   $for_customer For the customer.
	 */
	public function note( $text, $for_customer = false ) {
		$this->order->add_order_note( esc_html( $text ), $for_customer ? 1 : 0 );
	}

	/**
	 * A field of the shop: the item's, else the order's where this is its only account.
	 *
	 * @param string $name login, server or password.
	 * @return string
	 */
	private function field( $name ) {
		foreach ( $this->alone ? array( $this->item, $this->order ) : array( $this->item ) as $owner ) {
			$value = $owner->get_meta( $this->keys[ $name ], true );
			if ( is_scalar( $value ) && '' !== (string) $value ) {
				return (string) $value;
			}
		}
		return '';
	}
}
