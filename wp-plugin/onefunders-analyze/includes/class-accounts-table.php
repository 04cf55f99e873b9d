<?php
/**
 * The account list as a table.
 *
 * @package OneFunders
 */

defined( 'ABSPATH' ) || exit;

require_once ABSPATH . 'wp-admin/includes/class-wp-list-table.php';

/** Shows rows of OneFunders_Accounts_Source; links to actions carry a nonce of their own. */
final class OneFunders_Accounts_Table extends WP_List_Table {

	const STATUSES = array( '', 'active', 'deactivated', 'error' );
	const SORTABLE = array( 'login', 'server', 'state', 'last_sync' );
	const MOST     = 200;
	const PER_PAGE = 'onefunders_accounts_per_page';

	/**
	 * Source.
	 *
	 * @var OneFunders_Accounts_Source
	 */
	private $source;

	/**
	 * Where an order is edited: function( order id ) to an address.
	 *
	 * @var callable
	 */
	private $order_url;

	/**
	 * What the source told.
	 *
	 * @var array
	 */
	private $told = array(
		'rows'  => array(),
		'total' => 0,
		'at'    => 0,
		'fault' => '',
	);

	/**
	 * A table.
	 *
	 * @param OneFunders_Accounts_Source $source    Source.
	 * @param callable                   $order_url Address of an order.
	 */
	public function __construct( OneFunders_Accounts_Source $source, callable $order_url ) {
		parent::__construct(
			array(
				'singular' => 'account',
				'plural'   => 'accounts',
				'ajax'     => false,
				'screen'   => 'onefunders-accounts',
			)
		);
		$this->source    = $source;
		$this->order_url = $order_url;
	}

	/** Why the rows are local: a code, '' when they are the server's. @return string */
	public function fault() {
		return $this->told['fault'];
	}

	/** When the rows were read. @return int */
	public function read_at() {
		return $this->told['at'];
	}

	/** Read the rows that the address asks for. */
	public function prepare_items() {
		// phpcs:disable WordPress.Security.NonceVerification.Recommended -- reading, nothing is changed.
		$status  = isset( $_GET['status'] ) ? sanitize_key( wp_unslash( $_GET['status'] ) ) : '';
		$search  = isset( $_GET['s'] ) ? sanitize_text_field( wp_unslash( $_GET['s'] ) ) : '';
		$orderby = isset( $_GET['orderby'] ) ? sanitize_key( wp_unslash( $_GET['orderby'] ) ) : '';
		$falls   = isset( $_GET['order'] ) && 'desc' === sanitize_key( wp_unslash( $_GET['order'] ) );
		// phpcs:enable
		$status = in_array( $status, self::STATUSES, true ) ? $status : '';
		$sort   = in_array( $orderby, self::SORTABLE, true ) ? ( $falls ? '-' : '' ) . $orderby : '';
		$limit  = max( 1, min( self::MOST, $this->get_items_per_page( self::PER_PAGE, 20 ) ) );

		$this->told            = $this->source->page( $status, $search, $sort, $this->get_pagenum(), $limit );
		$this->items           = $this->told['rows'];
		$this->_column_headers = array( $this->get_columns(), array(), $this->get_sortable_columns(), 'login' );
		$this->set_pagination_args(
			array(
				'total_items' => $this->told['total'],
				'per_page'    => $limit,
			)
		);
	}

	/** Columns. @return array */
	public function get_columns() {
		return array(
			'cb'        => '<input type="checkbox" />',
			'login'     => __( 'Account', 'onefunders-analyze' ),
			'customer'  => __( 'Customer', 'onefunders-analyze' ),
			'order'     => __( 'Order', 'onefunders-analyze' ),
			'server'    => __( 'Server', 'onefunders-analyze' ),
			'state'     => __( 'Status', 'onefunders-analyze' ),
			'tier'      => __( 'Tier', 'onefunders-analyze' ),
			'last_sync' => __( 'Last sync', 'onefunders-analyze' ),
			'error'     => __( 'Last error', 'onefunders-analyze' ),
		);
	}

	/** Sortable while the server answers, for it sorts. @return array */
	protected function get_sortable_columns() {
		$columns = array();
		foreach ( '' === $this->told['fault'] ? self::SORTABLE : array() as $name ) {
			$columns[ $name ] = array( $name, false );
		}
		return $columns;
	}

	/** Bulk actions. @return array */
	protected function get_bulk_actions() {
		return array(
			'reconnect'  => __( 'Reconnect', 'onefunders-analyze' ),
			'deactivate' => __( 'Deactivate', 'onefunders-analyze' ),
		);
	}

	/** Views by status. @return array */
	protected function get_views() {
		$names = array(
			''            => __( 'All', 'onefunders-analyze' ),
			'active'      => __( 'Active', 'onefunders-analyze' ),
			'error'       => __( 'With an error', 'onefunders-analyze' ),
			'deactivated' => __( 'Deactivated', 'onefunders-analyze' ),
		);
		$now   = isset( $_GET['status'] ) ? sanitize_key( wp_unslash( $_GET['status'] ) ) : ''; // phpcs:ignore WordPress.Security.NonceVerification.Recommended -- reading.
		$views = array();
		foreach ( $names as $status => $name ) {
			$url              = add_query_arg( array_filter( array( 'page' => OneFunders_Accounts_Page::SLUG, 'status' => $status ) ), admin_url( 'admin.php' ) );
			$views[ $status ] = sprintf( '<a href="%s"%s>%s</a>', esc_url( $url ), $now === $status ? ' class="current" aria-current="page"' : '', esc_html( $name ) );
		}
		return $views;
	}

	/** Nothing to show. */
	public function no_items() {
		esc_html_e( 'No account yet. Sell a product with a plan: its account appears here when the order is paid.', 'onefunders-analyze' );
	}

	/** The box of a row. @param array $item Row. @return string */
	protected function column_cb( $item ) {
		if ( '' === $item['id'] ) {
			return '';
		}
		/* translators: %s: masked login. */
		$label = sprintf( __( 'Select account %s', 'onefunders-analyze' ), OneFunders_Words::masked( $item['login'] ) );
		return sprintf( '<label class="screen-reader-text" for="cb-%1$s">%2$s</label><input id="cb-%1$s" type="checkbox" name="account[]" value="%1$s" />', esc_attr( $item['id'] ), esc_html( $label ) );
	}

	/** Masked login with the row's actions. @param array $item Row. @return string */
	protected function column_login( $item ) {
		$actions = array();
		if ( '' !== $item['id'] && 'deactivated' !== $item['state'] ) {
			$names = array(
				'reconnect'  => __( 'Reconnect', 'onefunders-analyze' ),
				'deactivate' => __( 'Deactivate', 'onefunders-analyze' ),
			);
			foreach ( $names as $verb => $name ) {
				$actions[ $verb ] = sprintf( '<a href="%s">%s</a>', esc_url( OneFunders_Account_Actions::url( $verb, $item['id'] ) ), esc_html( $name ) );
			}
			$forms = array(
				'credentials'     => __( 'New password', 'onefunders-analyze' ),
				'reset'           => __( 'Reset', 'onefunders-analyze' ),
				'initial-balance' => __( 'Initial balance', 'onefunders-analyze' ),
			);
			foreach ( $forms as $verb => $name ) {
				$actions[ $verb ] = sprintf( '<a href="%s">%s</a>', esc_url( OneFunders_Accounts_Page::form_url( $verb, $item['id'] ) ), esc_html( $name ) );
			}
		}
		return '<strong><bdi dir="ltr">' . esc_html( OneFunders_Words::masked( $item['login'] ) ) . '</bdi></strong><br>' . esc_html( $item['plan'] ) . $this->row_actions( $actions );
	}

	/** The customer. @param array $item Row. @return string */
	protected function column_customer( $item ) {
		$user = $item['user_id'] > 0 ? get_userdata( $item['user_id'] ) : false;
		if ( ! $user ) {
			return '–';
		}
		$link = get_edit_user_link( $user->ID );
		return $link ? sprintf( '<a href="%s">%s</a>', esc_url( $link ), esc_html( $user->display_name ) ) : esc_html( $user->display_name );
	}

	/** The order. @param array $item Row. @return string */
	protected function column_order( $item ) {
		$url = $item['order_id'] > 0 ? call_user_func( $this->order_url, $item['order_id'] ) : '';
		return '' === $url ? '–' : sprintf( '<a href="%s">#%d</a>', esc_url( $url ), $item['order_id'] );
	}

	/** Status: a sign, a colour and words. @param array $item Row. @return string */
	protected function column_state( $item ) {
		$signs = array(
			'ready'                => array( 'yes-alt', 'good' ),
			'connected'            => array( 'yes-alt', 'good' ),
			'history_loading'      => array( 'update', 'busy' ),
			'unreconciled'         => array( 'update', 'busy' ),
			'connecting'           => array( 'update', 'busy' ),
			'queued'               => array( 'clock', 'busy' ),
			'backoff'              => array( 'clock', 'busy' ),
			'paused'               => array( 'controls-pause', 'calm' ),
			'deactivated'          => array( 'dismiss', 'calm' ),
			'none'                 => array( 'minus', 'calm' ),
		);
		list( $icon, $mood ) = isset( $signs[ $item['state'] ] ) ? $signs[ $item['state'] ] : array( 'warning', 'bad' );
		$text                = OneFunders_Words::state( $item['state'] );
		if ( 'breached' === $item['outcome'] ) {
			$text .= ' · ' . __( 'rule breached', 'onefunders-analyze' );
		} elseif ( 'passed' === $item['outcome'] ) {
			$text .= ' · ' . __( 'passed', 'onefunders-analyze' );
		}
		return sprintf( '<span class="onefunders-state onefunders-%s"><span class="dashicons dashicons-%s" aria-hidden="true"></span> %s</span>', esc_attr( $mood ), esc_attr( $icon ), esc_html( $text ) );
	}

	/** Last sync, relative, with the absolute time as title. @param array $item Row. @return string */
	protected function column_last_sync( $item ) {
		if ( $item['last_sync'] < 1 ) {
			return '–';
		}
		/* translators: %s: a span of time such as "5 minutes". */
		$ago = sprintf( __( '%s ago', 'onefunders-analyze' ), human_time_diff( $item['last_sync'] ) );
		return sprintf( '<time datetime="%s" title="%s">%s</time>', esc_attr( gmdate( 'c', $item['last_sync'] ) ), esc_attr( wp_date( 'Y-m-d H:i:s T', $item['last_sync'] ) ), esc_html( $ago ) );
	}

	/** Other columns. @param array $item Row. @param string $name Column. @return string */
	protected function column_default( $item, $name ) {
		if ( 'tier' === $name ) {
			return '' === $item['tier'] ? '–' : esc_html( OneFunders_Words::tier( $item['tier'] ) );
		}
		if ( 'error' === $name ) {
			return '' === $item['error'] ? '–' : esc_html( OneFunders_Words::code( $item['error'] ) );
		}
		return '<bdi dir="ltr">' . esc_html( isset( $item[ $name ] ) ? (string) $item[ $name ] : '' ) . '</bdi>';
	}
}
