<?php
/**
 * Orders.
 *
 * @package WooCommerceDouble
 */

defined( 'ABSPATH' ) || exit;

/** An order; in no store before save(). */
class WC_Order extends WC_Data {

	/**
	 * Columns.
	 *
	 * @var array
	 */
	private $data;

	/**
	 * Items by id, null before they were asked for.
	 *
	 * @var array|null
	 */
	private $items = null;

	/**
	 * A status change that save() will tell.
	 *
	 * @var string|null
	 */
	private $told = null;

	/**
	 * Read or make an order.
	 *
	 * @param array|null $row Columns.
	 */
	public function __construct( $row = null ) {
		$this->data = $row ? $row : array(
			'id'               => 0,
			'status'           => 'wc-pending',
			'currency'         => 'USD',
			'customer_id'      => 0,
			'date_created_gmt' => gmdate( 'Y-m-d H:i:s' ),
		);
		$this->id   = (int) $this->data['id'];
	}

	/** Its meta table. */
	protected function kind() {
		return 'order';
	}

	/** Store columns and items. */
	protected function write() {
		$this->data['id'] = Double_Store::write_order( $this->data );
		$this->id         = $this->data['id'];
		foreach ( (array) $this->items as $key => $item ) {
			unset( $this->items[ $key ] );
			$item->set_order_id( $this->id );
			$this->items[ $item->save() ] = $item;
		}
	}

	/** Store everything, then tell a status change, twice where a shop does. */
	public function save() {
		$id = parent::save();
		if ( null !== $this->told ) {
			$to         = $this->told;
			$this->told = null;
			$times      = get_option( 'double_fire_twice' ) ? 2 : 1;
			for ( $n = 0; $n < $times; $n++ ) {
				do_action( 'woocommerce_order_status_' . $to, $id, $this );
			}
			double_mail_order( $this, "Your order #$id is $to" );
		}
		return $id;
	}

	/** Line items by id, the order's own objects. */
	public function get_items() {
		global $wpdb;
		if ( null === $this->items ) {
			$this->items = array();
			$ids         = $this->id ? $wpdb->get_col( $wpdb->prepare( "SELECT order_item_id FROM {$wpdb->prefix}woocommerce_order_items WHERE order_id = %d ORDER BY 1", $this->id ) ) : array();
			foreach ( $ids as $id ) {
				$this->items[ (int) $id ] = new WC_Order_Item_Product( (int) $id );
			}
		}
		return $this->items;
	}

	/**
	 * A fresh copy of one item: not the object that save() stores.
	 *
	 * @param int $item_id Item id.
	 */
	public function get_item( $item_id ) {
		$items = $this->get_items();
		return isset( $items[ $item_id ] ) ? new WC_Order_Item_Product( $item_id ) : false;
	}

	/**
	 * Add one unit of a product.
	 *
	 * @param WC_Product $product Product.
	 */
	public function add_product( $product ) {
		$item = new WC_Order_Item_Product();
		$item->set_product( $product );
		$this->get_items();
		$this->items[ 'new' . count( $this->items ) ] = $item;
	}

	/**
	 * Change the status; told on save().
	 *
	 * @param string $to Status without wc-.
	 */
	public function set_status( $to ) {
		if ( "wc-$to" !== $this->data['status'] ) {
			$this->data['status'] = "wc-$to";
			$this->told           = $to;
		}
	}

	/**
	 * Change the status and save.
	 *
	 * @param string $to Status without wc-.
	 */
	public function update_status( $to ) {
		$this->set_status( $to );
		$this->save();
	}

	/** Status without wc-. */
	public function get_status() {
		return substr( $this->data['status'], 3 );
	}

	/** Customer's user id, 0 for a guest. */
	public function get_customer_id() {
		return (int) $this->data['customer_id'];
	}

	/**
	 * Set the customer.
	 *
	 * @param int $id User id.
	 */
	public function set_customer_id( $id ) {
		$this->data['customer_id'] = (int) $id;
	}

	/** Currency code. */
	public function get_currency() {
		return $this->data['currency'];
	}

	/** When it was made. */
	public function get_date_created() {
		return new DateTime( $this->data['date_created_gmt'], new DateTimeZone( 'UTC' ) );
	}

	/** When it was made, for tests that need old orders. @param int $at Unix seconds. */
	public function set_date_created( $at ) {
		$this->data['date_created_gmt'] = gmdate( 'Y-m-d H:i:s', $at );
	}

	/** Where staff edits it. */
	public function get_edit_order_url() {
		return Double_Store::hpos()
			? admin_url( "admin.php?page=wc-orders&action=edit&id={$this->id}" )
			: admin_url( "post.php?post={$this->id}&action=edit" );
	}

	/**
	 * Add a note; one for the customer is also mailed.
	 *
	 * @param string $note             Text.
	 * @param int    $is_customer_note 1 for the customer.
	 */
	public function add_order_note( $note, $is_customer_note = 0 ) {
		$id = wp_insert_comment(
			array(
				'comment_post_ID' => $this->id,
				'comment_content' => wp_slash( $note ),
				'comment_type'    => 'order_note',
				'comment_author'  => 'WooCommerce',
			)
		);
		if ( $is_customer_note ) {
			add_comment_meta( $id, 'is_customer_note', 1 );
			double_mail_order( $this, $note );
		}
		return $id;
	}
}
