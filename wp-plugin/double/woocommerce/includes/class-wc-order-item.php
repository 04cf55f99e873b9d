<?php
/**
 * Line items.
 *
 * @package WooCommerceDouble
 */

defined( 'ABSPATH' ) || exit;

/** A product line of an order. */
class WC_Order_Item_Product extends WC_Data {

	/**
	 * The order.
	 *
	 * @var int
	 */
	private $order_id = 0;

	/**
	 * The product.
	 *
	 * @var int
	 */
	private $product_id = 0;

	/**
	 * Read or make an item.
	 *
	 * @param int $id Id, 0 for a new one.
	 */
	public function __construct( $id = 0 ) {
		global $wpdb;
		$this->id = (int) $id;
		if ( $id ) {
			$this->order_id   = (int) $wpdb->get_var( $wpdb->prepare( "SELECT order_id FROM {$wpdb->prefix}woocommerce_order_items WHERE order_item_id = %d", $id ) );
			$this->product_id = (int) $this->get_meta( '_product_id' );
		}
	}

	/** Its meta table. */
	protected function kind() {
		return 'item';
	}

	/** Store the row. */
	protected function write() {
		global $wpdb;
		if ( ! $this->id ) {
			$product = $this->get_product();
			$wpdb->insert( $wpdb->prefix . 'woocommerce_order_items', array( 'order_id' => $this->order_id, 'order_item_name' => $product ? $product->get_name() : '' ) );
			$this->id = (int) $wpdb->insert_id;
		}
	}

	/** Its order's id. */
	public function get_order_id() {
		return $this->order_id;
	}

	/**
	 * Set the order.
	 *
	 * @param int $id Order id.
	 */
	public function set_order_id( $id ) {
		$this->order_id = (int) $id;
	}

	/** The product, false when it was deleted. */
	public function get_product() {
		return $this->product_id && get_post( $this->product_id ) ? new WC_Product( $this->product_id ) : false;
	}

	/**
	 * Set the product.
	 *
	 * @param WC_Product $product Product.
	 */
	public function set_product( $product ) {
		$this->product_id = $product->get_id();
		$this->update_meta_data( '_product_id', (string) $this->product_id );
	}
}
