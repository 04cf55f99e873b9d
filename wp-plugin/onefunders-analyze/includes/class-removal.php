<?php
/**
 * What uninstalling removes from one site.
 *
 * @package OneFunders
 */

defined( 'ABSPATH' ) || exit;

/** Works without WooCommerce: its tables are looked at directly, as far as they are there. */
final class OneFunders_Removal {

	const ALWAYS = array( '_onefunders_sealed', '_onefunders_password' );

	/**
	 * Whether order data goes as well.
	 *
	 * @var bool
	 */
	private $all;

	/**
	 * A removal.
	 *
	 * @param bool $all Order data too.
	 */
	public function __construct( $all ) {
		$this->all = $all;
	}

	/** Remove. */
	public function run() {
		global $wpdb;
		( new OneFunders_Woo_Queue() )->clear();
		foreach ( array( 'onefunders_', '_transient_onefunders_', '_transient_timeout_onefunders_' ) as $prefix ) {
			$names = $wpdb->get_col( $wpdb->prepare( "SELECT option_name FROM {$wpdb->options} WHERE option_name LIKE %s", $wpdb->esc_like( $prefix ) . '%' ) );
			array_map( 'delete_option', $names );
		}
		foreach ( array_keys( wp_roles()->roles ) as $name ) {
			get_role( $name )->remove_cap( 'manage_onefunders_accounts' );
		}
		$this->meta( $wpdb->prefix . 'woocommerce_order_itemmeta' );
		$this->meta( $wpdb->prefix . 'wc_orders_meta' );
		$this->meta( $wpdb->postmeta );
		$this->rows( $wpdb->prefix . 'actionscheduler_actions' );
		wp_cache_flush();
	}

	/**
	 * Our rows of a table of meta data.
	 *
	 * @param string $table Table.
	 */
	private function meta( $table ) {
		global $wpdb;
		if ( ! $this->is_there( $table ) ) {
			return;
		}
		if ( $this->all ) {
			$wpdb->query( $wpdb->prepare( 'DELETE FROM %i WHERE meta_key LIKE %s', $table, $wpdb->esc_like( '_onefunders_' ) . '%' ) );
			return;
		}
		foreach ( self::ALWAYS as $key ) {
			$wpdb->query( $wpdb->prepare( 'DELETE FROM %i WHERE meta_key = %s', $table, $key ) );
		}
	}

	/**
	 * Our rows of the scheduler, which stay after a cancellation.
	 *
	 * @param string $table Table.
	 */
	private function rows( $table ) {
		global $wpdb;
		if ( $this->is_there( $table ) ) {
			$wpdb->query( $wpdb->prepare( 'DELETE FROM %i WHERE hook LIKE %s', $table, $wpdb->esc_like( 'onefunders_' ) . '%' ) );
		}
	}

	/**
	 * Whether a table is there.
	 *
	 * @param string $table Table.
	 * @return bool
	 */
	private function is_there( $table ) {
		global $wpdb;
		return $table === $wpdb->get_var( $wpdb->prepare( 'SHOW TABLES LIKE %s', $wpdb->esc_like( $table ) ) );
	}
}
