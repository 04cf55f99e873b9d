<?php
/**
 * What a product sells.
 *
 * @package OneFunders
 */

defined( 'ABSPATH' ) || exit;

/**
 * A box on the product screen: which plan a product sells, on which server and with which initial
 * balance; for a product with variations also what is different in each of them.
 */
final class OneFunders_Product_Box {

	const NONCE = 'onefunders_product';
	const FIELD = 'onefunders_account';
	const MOST  = 100;

	/**
	 * Settings.
	 *
	 * @var OneFunders_Settings
	 */
	private $settings;

	/**
	 * Notices.
	 *
	 * @var OneFunders_Notices
	 */
	private $notices;

	/**
	 * A box.
	 *
	 * @param OneFunders_Settings $settings Settings.
	 * @param OneFunders_Notices  $notices  Notices.
	 */
	public function __construct( OneFunders_Settings $settings, OneFunders_Notices $notices ) {
		$this->settings = $settings;
		$this->notices  = $notices;
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
		$this->fields( $post->ID );
		foreach ( $this->variations( $post->ID ) as $variation ) {
			echo '<details><summary>' . esc_html( $variation->post_title ) . '</summary>';
			$this->fields( $variation->ID );
			echo '</details>';
		}
	}

	/**
	 * The fields of a product or variation.
	 *
	 * @param int $id Product or variation.
	 */
	private function fields( $id ) {
		$labels = array(
			'plan'            => __( 'Plan (empty: no account, or that of the product)', 'onefunders-analyze' ),
			'server'          => __( 'Server (empty: the customer names it)', 'onefunders-analyze' ),
			'initial_balance' => __( 'Initial balance (empty: as the account says)', 'onefunders-analyze' ),
		);
		foreach ( $this->keys() as $name => $key ) {
			printf( '<p><label>%s<br /><input dir="ltr" name="%s" value="%s" maxlength="64" /></label></p>', esc_html( $labels[ $name ] ), esc_attr( self::FIELD . "[$id][$name]" ), esc_attr( (string) get_post_meta( $id, $key, true ) ) );
		}
	}

	/**
	 * Save; a value that is not valid changes nothing and is told.
	 *
	 * @param int $id Product.
	 */
	public function save( $id ) {
		$nonce = isset( $_POST[ self::NONCE ] ) ? sanitize_key( wp_unslash( $_POST[ self::NONCE ] ) ) : '';
		if ( ! wp_verify_nonce( $nonce, self::NONCE ) || ! current_user_can( 'edit_post', $id ) ) {
			return;
		}
		$faults = array();
		foreach ( array_merge( array( $id ), wp_list_pluck( $this->variations( $id ), 'ID' ) ) as $one ) {
			foreach ( $this->keys() as $name => $key ) {
				if ( ! isset( $_POST[ self::FIELD ][ $one ][ $name ] ) ) {
					continue;
				}
				$value = trim( sanitize_text_field( wp_unslash( $_POST[ self::FIELD ][ $one ][ $name ] ) ) );
				if ( '' === $value ) {
					delete_post_meta( $one, $key );
				} elseif ( self::is_valid( $name, $value ) ) {
					update_post_meta( $one, $key, $value );
				} else {
					$faults[] = $value;
				}
			}
		}
		if ( array() !== $faults ) {
			/* translators: %s: values such as "100,000". */
			$this->notices->keep( 'error', sprintf( __( 'OneFunders account: not saved, because not valid: %s. A plan is a name without blanks, a balance a number such as 100000.50.', 'onefunders-analyze' ), implode( ' · ', $faults ) ) );
		}
	}

	/**
	 * A value of a product; a variation inherits what it does not say itself.
	 *
	 * @param int    $id  Product or variation.
	 * @param string $key Meta key.
	 * @return string
	 */
	public static function value( $id, $key ) {
		foreach ( array( $id, (int) wp_get_post_parent_id( $id ) ) as $one ) {
			$value = $one > 0 ? get_post_meta( $one, $key, true ) : '';
			if ( is_scalar( $value ) && '' !== (string) $value ) {
				return (string) $value;
			}
		}
		return '';
	}

	/**
	 * Whether a value can be kept.
	 *
	 * @param string $name  plan, server or initial_balance.
	 * @param string $value Value.
	 * @return bool
	 */
	private static function is_valid( $name, $value ) {
		if ( 'initial_balance' === $name ) {
			return OneFunders_Connect_Body::is_money( $value );
		}
		return 'plan' === $name ? 1 === preg_match( '/\A[A-Za-z0-9][A-Za-z0-9._-]{0,49}\z/', $value ) : OneFunders_Connect_Body::is_server( $value );
	}

	/**
	 * The variations of a product.
	 *
	 * @param int $id Product.
	 * @return WP_Post[]
	 */
	private function variations( $id ) {
		return get_posts(
			array(
				'post_type'   => 'product_variation',
				'post_parent' => $id,
				'post_status' => array( 'publish', 'private' ),
				'numberposts' => self::MOST,
				'orderby'     => 'menu_order',
				'order'       => 'ASC',
			)
		);
	}

	/** Meta keys by name. @return array<string, string> */
	private function keys() {
		return array(
			'plan'            => $this->settings->text( 'onefunders_field_plan' ),
			'server'          => $this->settings->text( 'onefunders_field_server' ),
			'initial_balance' => OneFunders_Woo_Item::PREFIX . 'initial_balance',
		);
	}
}
