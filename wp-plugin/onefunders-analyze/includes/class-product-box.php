<?php
/**
 * The plan of a product.
 *
 * @package OneFunders
 */

defined( 'ABSPATH' ) || exit;

/** A box on the product screen: which plan the product sells, and with which initial balance. */
final class OneFunders_Product_Box {

	const NONCE  = 'onefunders_product';
	const FIELDS = array( '_onefunders_plan', '_onefunders_initial_balance' );

	/**
	 * Settings.
	 *
	 * @var OneFunders_Settings
	 */
	private $settings;

	/**
	 * A box.
	 *
	 * @param OneFunders_Settings $settings Settings.
	 */
	public function __construct( OneFunders_Settings $settings ) {
		$this->settings = $settings;
	}

	/** Register. */
	public function register() {
		add_action( 'add_meta_boxes_product', array( $this, 'add' ) );
		add_action( 'save_post_product', array( $this, 'save' ) );
	}

	/** The box. */
	public function add() {
		add_meta_box( 'onefunders-product', __( 'OneFunders account', 'onefunders-analyze' ), array( $this, 'show' ), 'product', 'side' );
	}

	/**
	 * Show.
	 *
	 * @param WP_Post $post Product.
	 */
	public function show( $post ) {
		wp_nonce_field( self::NONCE, self::NONCE );
		$labels = array( __( 'Plan (empty: this product sells no account)', 'onefunders-analyze' ), __( 'Initial balance (empty: as the account says)', 'onefunders-analyze' ) );
		foreach ( array_combine( $this->keys(), $labels ) as $key => $label ) {
			printf( '<p><label>%s<br /><input dir="ltr" name="%s" value="%s" maxlength="50" /></label></p>', esc_html( $label ), esc_attr( $key ), esc_attr( (string) get_post_meta( $post->ID, $key, true ) ) );
		}
	}

	/**
	 * Save.
	 *
	 * @param int $id Product.
	 */
	public function save( $id ) {
		$nonce = isset( $_POST[ self::NONCE ] ) ? sanitize_key( wp_unslash( $_POST[ self::NONCE ] ) ) : '';
		if ( ! wp_verify_nonce( $nonce, self::NONCE ) || ! current_user_can( 'edit_post', $id ) ) {
			return;
		}
		foreach ( $this->keys() as $key ) {
			$value = isset( $_POST[ $key ] ) ? trim( sanitize_text_field( wp_unslash( $_POST[ $key ] ) ) ) : '';
			$money = '_onefunders_initial_balance' === $key;
			$good  = $money ? OneFunders_Connect_Body::is_money( $value ) : 1 === preg_match( '/\A[A-Za-z0-9][A-Za-z0-9._-]{0,49}\z/', $value );
			if ( $good ) {
				update_post_meta( $id, $key, $value );
			} elseif ( '' === $value ) {
				delete_post_meta( $id, $key );
			}
		}
	}

	/** Meta keys: plan, initial balance. @return string[] */
	private function keys() {
		return array( $this->settings->text( 'onefunders_field_plan' ), '_onefunders_initial_balance' );
	}
}
