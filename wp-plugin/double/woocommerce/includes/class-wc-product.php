<?php
/**
 * Products: a post with meta data.
 *
 * @package WooCommerceDouble
 */

defined( 'ABSPATH' ) || exit;

/** A product. */
class WC_Product extends WC_Data {

	/**
	 * Name.
	 *
	 * @var string
	 */
	private $name;

	/**
	 * Read or make a product.
	 *
	 * @param int $id Id, 0 for a new one.
	 */
	public function __construct( $id = 0 ) {
		$this->id   = (int) $id;
		$this->name = $id ? get_the_title( $id ) : 'Product';
	}

	/** Its meta table. */
	protected function kind() {
		return 'product';
	}

	/** Store the post. */
	protected function write() {
		$post     = array( 'post_type' => 'product', 'post_status' => 'publish', 'post_title' => $this->name );
		$this->id = $this->id ? $this->id : wp_insert_post( $post );
	}

	/** Its name. */
	public function get_name() {
		return $this->name;
	}

	/**
	 * Set its name.
	 *
	 * @param string $name Name.
	 */
	public function set_name( $name ) {
		$this->name = $name;
	}
}
