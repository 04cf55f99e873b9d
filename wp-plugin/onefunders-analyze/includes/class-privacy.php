<?php
/**
 * Privacy.
 *
 * @package OneFunders
 */

defined( 'ABSPATH' ) || exit;

/** Exporter, eraser and policy text. What the server could not erase is told as retained. */
final class OneFunders_Privacy {

	const PAGE = 20;

	/**
	 * Client.
	 *
	 * @var OneFunders_Api_Client
	 */
	private $api;

	/**
	 * Items.
	 *
	 * @var OneFunders_Items
	 */
	private $items;

	/**
	 * Book.
	 *
	 * @var OneFunders_Item_Book
	 */
	private $book;

	/**
	 * Privacy.
	 *
	 * @param OneFunders_Api_Client $api   Client.
	 * @param OneFunders_Items      $items Items.
	 * @param OneFunders_Item_Book  $book  Book.
	 */
	public function __construct( OneFunders_Api_Client $api, OneFunders_Items $items, OneFunders_Item_Book $book ) {
		$this->api   = $api;
		$this->items = $items;
		$this->book  = $book;
	}

	/** Register. */
	public function register() {
		add_filter( 'wp_privacy_personal_data_exporters', array( $this, 'exporters' ) );
		add_filter( 'wp_privacy_personal_data_erasers', array( $this, 'erasers' ) );
		add_action( 'admin_init', array( $this, 'policy' ) );
	}

	/** Exporters with ours. @param array $all Exporters. @return array */
	public function exporters( $all ) {
		$all['onefunders-analyze'] = array(
			'exporter_friendly_name' => 'OneFunders Analyze',
			'callback'               => array( $this, 'export' ),
		);
		return $all;
	}

	/** Erasers with ours. @param array $all Erasers. @return array */
	public function erasers( $all ) {
		$all['onefunders-analyze'] = array(
			'eraser_friendly_name' => 'OneFunders Analyze',
			'callback'             => array( $this, 'erase' ),
		);
		return $all;
	}

	/** The policy text. */
	public function policy() {
		wp_add_privacy_policy_content(
			'OneFunders Analyze',
			wp_kses_post( '<p>' . __( 'When you buy a trading account, its login, server and investor (read-only) password are sent once over an encrypted connection to our analysis server, which reads balance, equity and trades to check the rules of your plan. The shop keeps the password only sealed, and only until it was sent. On request we export or erase these data; rows that prove a verdict are kept without your name.', 'onefunders-analyze' ) . '</p>' )
		);
	}

	/**
	 * Export a page.
	 *
	 * @param string $email Address.
	 * @param int    $page  From 1.
	 * @return array{data: array, done: bool}
	 */
	public function export( $email, $page = 1 ) {
		$user   = get_user_by( 'email', $email );
		$orders = 0;
		$data   = array();
		if ( ! $user ) {
			return array(
				'data' => array(),
				'done' => true,
			);
		}
		foreach ( $this->items->page( array( 'customer_id' => $user->ID ), $page, self::PAGE, $orders ) as $item ) {
			$rows = array();
			foreach ( array( 'login', 'server', 'plan', 'state', 'account_id', 'connected_at', 'credentials_wiped_at' ) as $name ) {
				$rows[] = array(
					'name'  => $name,
					'value' => $item->get( $name ),
				);
			}
			$data[] = $this->group( "onefunders-{$item->order_id()}-{$item->item_id()}", $rows );
		}
		if ( 1 === (int) $page ) {
			$data = array_merge( $data, $this->from_server( $user->ID ) );
		}
		return array(
			'data' => $data,
			'done' => $orders < self::PAGE,
		);
	}

	/**
	 * Erase a page; the server at the first one.
	 *
	 * @param string $email Address.
	 * @param int    $page  From 1.
	 * @return array{items_removed: bool, items_retained: bool, messages: string[], done: bool}
	 */
	public function erase( $email, $page = 1 ) {
		$user = get_user_by( 'email', $email );
		$told = array(
			'items_removed'  => false,
			'items_retained' => false,
			'messages'       => array(),
			'done'           => true,
		);
		if ( ! $user ) {
			return $told;
		}
		if ( 1 === (int) $page ) {
			$answer = $this->api->post( "/api/s2s/users/{$user->ID}/erase", OneFunders_Connect_Body::reason( 'wp:' . get_current_user_id(), 'privacy request' ), 'erase-' . wp_generate_uuid4() );
			$gone   = OneFunders_Answer::OK === $answer->kind;
			if ( $gone ) {
				$told['items_removed'] = true;
			} elseif ( 404 !== $answer->status ) {
				$told['items_retained'] = true;
				$told['messages'][]     = __( 'The analysis server could not erase the data:', 'onefunders-analyze' ) . ' ' . OneFunders_Words::code( $answer->code );
			}
		}
		$orders = 0;
		foreach ( $this->items->page( array( 'customer_id' => $user->ID ), $page, self::PAGE, $orders ) as $item ) {
			$this->book->change( $item, 'ended' );
			foreach ( array( 'login', 'server', 'history', 'account_id', 'generation' ) as $name ) {
				$item->set( $name, '' );
			}
			$item->save();
			$told['items_removed'] = true;
		}
		$told['done'] = $orders < self::PAGE;
		return $told;
	}

	/**
	 * What the server stores.
	 *
	 * @param int $user User.
	 * @return array
	 */
	private function from_server( $user ) {
		$answer = $this->api->post( "/api/s2s/users/$user/export", OneFunders_Connect_Body::reason( 'wp:' . get_current_user_id(), 'privacy request' ), 'export-' . wp_generate_uuid4() );
		if ( 404 === $answer->status ) {
			return array();
		}
		$stored = OneFunders_Answer::OK === $answer->kind && isset( $answer->data['stored'] ) ? (string) wp_json_encode( $answer->data['stored'] ) : OneFunders_Words::code( $answer->code );
		$row    = array(
			'name'  => __( 'Stored by the analysis server', 'onefunders-analyze' ),
			'value' => esc_html( $stored ),
		);
		return array( $this->group( "onefunders-user-$user", array( $row ) ) );
	}

	/**
	 * A group of the export.
	 *
	 * @param string $id   Id.
	 * @param array  $rows Rows.
	 * @return array
	 */
	private function group( $id, array $rows ) {
		return array(
			'group_id'    => 'onefunders-analyze',
			'group_label' => __( 'Trading accounts', 'onefunders-analyze' ),
			'item_id'     => $id,
			'data'        => $rows,
		);
	}
}
