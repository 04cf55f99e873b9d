<?php
/**
 * Objects with meta data that is stored on save() and not before.
 *
 * @package WooCommerceDouble
 */

defined( 'ABSPATH' ) || exit;

/** Base of orders, items and products. */
abstract class WC_Data {

	/**
	 * Id, 0 before the first save.
	 *
	 * @var int
	 */
	protected $id = 0;

	/**
	 * Meta data as read; null before it was asked for.
	 *
	 * @var array|null
	 */
	private $meta = null;

	/**
	 * Keys that changed since the last save.
	 *
	 * @var array
	 */
	private $changed = array();

	/** Which meta table: order, item or product. */
	abstract protected function kind();

	/** Write what is no meta data. */
	abstract protected function write();

	/** The id. */
	public function get_id() {
		return $this->id;
	}

	/** Meta data, read once. */
	private function meta() {
		if ( null === $this->meta ) {
			$this->meta = $this->id ? Double_Store::read_meta( $this->kind(), $this->id ) : array();
		}
		return $this->meta;
	}

	/**
	 * One value, '' when there is none.
	 *
	 * @param string $key    Key.
	 * @param bool   $single Always true here.
	 */
	public function get_meta( $key = '', $single = true ) {
		$meta = $this->meta();
		return isset( $meta[ $key ] ) ? $meta[ $key ] : '';
	}

	/** All meta data as key and value, as REST shows it. */
	public function get_meta_data() {
		$rows = array();
		foreach ( $this->meta() as $key => $value ) {
			$rows[] = (object) array( 'key' => $key, 'value' => $value );
		}
		return $rows;
	}

	/**
	 * Set in memory.
	 *
	 * @param string $key   Key.
	 * @param mixed  $value Value.
	 */
	public function update_meta_data( $key, $value ) {
		$this->meta();
		$this->meta[ $key ]    = $value;
		$this->changed[ $key ] = true;
	}

	/**
	 * Remove in memory.
	 *
	 * @param string $key Key.
	 */
	public function delete_meta_data( $key ) {
		$this->meta();
		unset( $this->meta[ $key ] );
		$this->changed[ $key ] = true;
	}

	/** Store everything; the id. */
	public function save() {
		$this->write();
		foreach ( array_keys( $this->changed ) as $key ) {
			Double_Store::write_meta( $this->kind(), $this->id, $key, isset( $this->meta[ $key ] ) ? $this->meta[ $key ] : null );
		}
		$this->changed = array();
		return $this->id;
	}
}
