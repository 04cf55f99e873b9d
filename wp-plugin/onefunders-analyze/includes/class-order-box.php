<?php
/**
 * The box on the order screen.
 *
 * @package OneFunders
 */

defined( 'ABSPATH' ) || exit;

/** State, history and a button for each account of the order; the plan on the product screen. */
final class OneFunders_Order_Box {

	const AGAIN = 'onefunders_try_again';

	/**
	 * Settings.
	 *
	 * @var OneFunders_Settings
	 */
	private $settings;

	/**
	 * Orders.
	 *
	 * @var OneFunders_Woo_Orders
	 */
	private $orders;

	/**
	 * WooCommerce.
	 *
	 * @var OneFunders_Woo_Shop
	 */
	private $shop;

	/**
	 * Connector.
	 *
	 * @var OneFunders_Order_Connector
	 */
	private $connector;

	/**
	 * Notices.
	 *
	 * @var OneFunders_Notices
	 */
	private $notices;

	/**
	 * A box.
	 *
	 * @param OneFunders_Settings        $settings  Settings.
	 * @param OneFunders_Woo_Orders      $orders    Orders.
	 * @param OneFunders_Woo_Shop        $shop      WooCommerce.
	 * @param OneFunders_Order_Connector $connector Connector.
	 * @param OneFunders_Notices         $notices   Notices.
	 */
	public function __construct( OneFunders_Settings $settings, OneFunders_Woo_Orders $orders, OneFunders_Woo_Shop $shop, OneFunders_Order_Connector $connector, OneFunders_Notices $notices ) {
		$this->settings  = $settings;
		$this->orders    = $orders;
		$this->shop      = $shop;
		$this->connector = $connector;
		$this->notices   = $notices;
	}

	/** Register. */
	public function register() {
		add_action( 'add_meta_boxes', array( $this, 'add' ) );
		add_action( 'admin_post_' . self::AGAIN, array( $this, 'try_again' ) );
	}

	/** The box, on the order screen of either store. */
	public function add() {
		if ( current_user_can( $this->settings->capability() ) ) {
			add_meta_box( 'onefunders', __( 'OneFunders accounts', 'onefunders-analyze' ), array( $this, 'show' ), $this->shop->order_screen(), 'side' );
		}
	}

	/**
	 * Show.
	 *
	 * @param mixed $shown Order or post.
	 */
	public function show( $shown ) {
		$items = $this->orders->items( $this->orders->id_of( $shown ) );
		if ( array() === $items ) {
			echo '<p>' . esc_html__( 'No product of this order has a plan.', 'onefunders-analyze' ) . '</p>';
		}
		foreach ( $items as $item ) {
			$state = $this->connector->book()->state( $item );
			echo '<p><strong><bdi dir="ltr">' . esc_html( OneFunders_Words::masked( $item->get( 'login' ) ) ) . '</bdi> ' . esc_html( OneFunders_Words::state( $state ) ) . '</strong><br />' . esc_html( OneFunders_Words::code( $item->get( 'last_error_code' ) ) ) . '</p>';
			if ( '' !== $item->get( 'sealed' ) && null !== OneFunders_State_Machine::next( $state, 'try_again' ) ) {
				echo '<p><a class="button" href="' . esc_url( self::url( $item ) ) . '">' . esc_html__( 'Try again', 'onefunders-analyze' ) . '</a></p>';
			}
			$this->history( $item );
		}
	}

	/**
	 * The history of an item.
	 *
	 * @param OneFunders_Item $item Item.
	 */
	private function history( OneFunders_Item $item ) {
		$rows = json_decode( $item->get( 'history' ), true );
		echo '<ol reversed>';
		foreach ( array_reverse( is_array( $rows ) ? $rows : array() ) as $row ) {
			if ( is_array( $row ) && 4 === count( $row ) ) {
				echo '<li>' . esc_html( wp_date( 'Y-m-d H:i:s', (int) $row[0] ) . ' ' . OneFunders_Words::state( (string) $row[2] ) . ( '' === $row[3] ? '' : ' (' . $row[3] . ')' ) ) . '</li>';
			}
		}
		echo '</ol>';
	}

	/**
	 * Address of "try again".
	 *
	 * @param OneFunders_Item $item Item.
	 * @return string
	 */
	private static function url( OneFunders_Item $item ) {
		$url = add_query_arg(
			array(
				'action'   => self::AGAIN,
				'order_id' => $item->order_id(),
				'item_id'  => $item->item_id(),
			),
			admin_url( 'admin-post.php' )
		);
		return wp_nonce_url( $url, self::AGAIN . "_{$item->order_id()}_{$item->item_id()}" );
	}

	/** Send a sealed password again. */
	public function try_again() {
		$order_id = isset( $_GET['order_id'] ) ? absint( wp_unslash( $_GET['order_id'] ) ) : 0;
		$item_id  = isset( $_GET['item_id'] ) ? absint( wp_unslash( $_GET['item_id'] ) ) : 0;
		check_admin_referer( self::AGAIN . "_{$order_id}_$item_id" );
		if ( ! current_user_can( $this->settings->capability() ) ) {
			wp_die( esc_html__( 'You may not do this.', 'onefunders-analyze' ), '', array( 'response' => 403 ) );
		}
		$item = $this->orders->item( $order_id, $item_id );
		$done = null !== $item && $this->connector->try_again( $item );
		$this->notices->keep( $done ? 'success' : 'error', $done ? __( 'Queued; look again in a minute.', 'onefunders-analyze' ) : OneFunders_Words::code( 'credentials_missing' ) );
		$url = $this->orders->edit_url( $order_id );
		wp_safe_redirect( '' === $url ? admin_url() : $url );
		exit;
	}
}
