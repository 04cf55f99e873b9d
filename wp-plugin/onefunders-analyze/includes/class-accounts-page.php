<?php
/**
 * The page of accounts in the admin.
 *
 * @package OneFunders
 */

defined( 'ABSPATH' ) || exit;

/** Menu, list, and the forms of actions that need more than a click. */
final class OneFunders_Accounts_Page {

	const SLUG  = 'onefunders-accounts';
	const FORMS = array( 'credentials', 'reset', 'initial-balance' );

	/**
	 * Settings.
	 *
	 * @var OneFunders_Settings
	 */
	private $settings;

	/**
	 * Source.
	 *
	 * @var OneFunders_Accounts_Source
	 */
	private $source;

	/**
	 * Actions.
	 *
	 * @var OneFunders_Account_Actions
	 */
	private $actions;

	/**
	 * Address of an order.
	 *
	 * @var callable
	 */
	private $order_url;

	/**
	 * The table, made when the page loads.
	 *
	 * @var OneFunders_Accounts_Table|null
	 */
	private $table = null;

	/**
	 * A page.
	 *
	 * @param OneFunders_Settings        $settings  Settings.
	 * @param OneFunders_Accounts_Source $source    Source.
	 * @param OneFunders_Account_Actions $actions   Actions.
	 * @param callable                   $order_url Address of an order.
	 */
	public function __construct( OneFunders_Settings $settings, OneFunders_Accounts_Source $source, OneFunders_Account_Actions $actions, callable $order_url ) {
		$this->settings  = $settings;
		$this->source    = $source;
		$this->actions   = $actions;
		$this->order_url = $order_url;
	}

	/** Register. */
	public function register() {
		add_action( 'admin_menu', array( $this, 'menu' ) );
		add_filter( 'set_screen_option_' . OneFunders_Accounts_Table::PER_PAGE, array( $this, 'keep_per_page' ), 10, 3 );
		add_action( 'admin_enqueue_scripts', array( $this, 'style' ) );
	}

	/** The menu. */
	public function menu() {
		$title = __( 'OneFunders accounts', 'onefunders-analyze' );
		$hook  = add_menu_page( $title, __( 'OneFunders', 'onefunders-analyze' ), $this->settings->capability(), self::SLUG, array( $this, 'show' ), 'dashicons-chart-line', 57 );
		add_action( "load-$hook", array( $this, 'load' ) );
	}

	/**
	 * The style of our pages.
	 *
	 * @param string $hook Page.
	 */
	public function style( $hook ) {
		if ( false !== strpos( (string) $hook, 'onefunders' ) ) {
			wp_enqueue_style( 'onefunders-admin', plugins_url( 'assets/admin.css', ONEFUNDERS_FILE ), array(), ONEFUNDERS_VERSION );
		}
	}

	/**
	 * The number of rows that a user chose.
	 *
	 * @param mixed  $kept   Unused.
	 * @param string $option Option.
	 * @param mixed  $value  Number.
	 * @return int
	 */
	public function keep_per_page( $kept, $option, $value ) {
		return max( 1, min( OneFunders_Accounts_Table::MOST, (int) $value ) );
	}

	/**
	 * Address of a form.
	 *
	 * @param string $verb Action.
	 * @param string $id   Account.
	 * @return string
	 */
	public static function form_url( $verb, $id ) {
		return add_query_arg(
			array(
				'page'    => self::SLUG,
				'form'    => $verb,
				'account' => $id,
			),
			admin_url( 'admin.php' )
		);
	}

	/** Before output: bulk actions, then the rows. */
	public function load() {
		if ( ! current_user_can( $this->settings->capability() ) ) {
			return;
		}
		add_screen_option(
			'per_page',
			array(
				'default' => 20,
				'option'  => OneFunders_Accounts_Table::PER_PAGE,
			)
		);
		$this->table = new OneFunders_Accounts_Table( $this->source, $this->order_url );
		$verb        = $this->table->current_action();
		if ( $verb ) {
			$this->actions->bulk( (string) $verb );
		}
		$this->table->prepare_items();
	}

	/** The page. */
	public function show() {
		if ( ! current_user_can( $this->settings->capability() ) || null === $this->table ) {
			wp_die( esc_html__( 'You may not see this page.', 'onefunders-analyze' ), '', array( 'response' => 403 ) );
		}
		// phpcs:disable WordPress.Security.NonceVerification.Recommended -- reading, nothing is changed.
		$form = isset( $_GET['form'] ) ? sanitize_key( wp_unslash( $_GET['form'] ) ) : '';
		$id   = isset( $_GET['account'] ) && is_string( $_GET['account'] ) ? sanitize_key( wp_unslash( $_GET['account'] ) ) : '';
		// phpcs:enable
		echo '<div class="wrap"><h1>' . esc_html__( 'OneFunders accounts', 'onefunders-analyze' ) . '</h1>';
		if ( in_array( $form, self::FORMS, true ) && wp_is_uuid( $id ) ) {
			$this->form( $form, $id );
		} else {
			$this->table_with_search();
		}
		echo '</div>';
	}

	/** The list. */
	private function table_with_search() {
		if ( '' !== $this->table->fault() ) {
			echo '<div class="notice notice-warning"><p>' . esc_html__( 'The analysis server does not answer; this is what the shop knows itself.', 'onefunders-analyze' ) . ' ' . esc_html( OneFunders_Words::code( $this->table->fault() ) ) . '</p></div>';
		}
		$this->table->views();
		echo '<form method="get"><input type="hidden" name="page" value="' . esc_attr( self::SLUG ) . '" />';
		$this->table->search_box( __( 'Search accounts', 'onefunders-analyze' ), 'onefunders' );
		echo '</form><form method="post">';
		$this->table->display();
		/* translators: %s: a time such as 14:05:07. */
		echo '</form><p class="description">' . esc_html( sprintf( __( 'Refreshed at %s.', 'onefunders-analyze' ), wp_date( 'H:i:s', $this->table->read_at() ) ) ) . '</p>';
	}

	/**
	 * The form of one action.
	 *
	 * @param string $verb Action.
	 * @param string $id   Account.
	 */
	private function form( $verb, $id ) {
		$account = $this->source->one( $id );
		$titles  = array(
			'credentials'     => __( 'New investor password', 'onefunders-analyze' ),
			'reset'           => __( 'Reset: begin a new life of the account', 'onefunders-analyze' ),
			'initial-balance' => __( 'Set the initial balance', 'onefunders-analyze' ),
		);
		$login   = null === $account ? $id : OneFunders_Words::masked( $account['login'] ) . ' · ' . $account['server'];
		echo '<h2>' . esc_html( $titles[ $verb ] ) . ' <bdi dir="ltr">' . esc_html( $login ) . '</bdi></h2>';
		echo '<form method="post" action="' . esc_url( admin_url( 'admin-post.php' ) ) . '">';
		echo '<input type="hidden" name="action" value="' . esc_attr( OneFunders_Account_Actions::HOOK ) . '" />';
		echo '<input type="hidden" name="verb" value="' . esc_attr( $verb ) . '" /><input type="hidden" name="account" value="' . esc_attr( $id ) . '" />';
		wp_nonce_field( OneFunders_Account_Actions::nonce( $verb, $id ) );
		echo '<table class="form-table" role="presentation">';
		if ( 'credentials' === $verb ) {
			$this->row( 'investor_pass', __( 'Investor password', 'onefunders-analyze' ), 'password', 'autocomplete="off" maxlength="64" required' );
		} elseif ( 'reset' === $verb ) {
			$this->row( 'plan', __( 'Plan (empty: the same)', 'onefunders-analyze' ), 'text', 'maxlength="50"' );
			$this->row( 'phase', __( 'Phase from 0 (empty: the same)', 'onefunders-analyze' ), 'number', 'min="0" max="9"' );
		} else {
			$this->row( 'initial_balance', __( 'Initial balance', 'onefunders-analyze' ), 'text', 'inputmode="decimal" required' );
		}
		$this->row( 'reason', __( 'Reason (for the audit log)', 'onefunders-analyze' ), 'text', 'maxlength="200" required' );
		echo '</table>';
		submit_button( $titles[ $verb ] );
		echo '</form>';
	}

	/**
	 * A row of a form.
	 *
	 * @param string $name  Field.
	 * @param string $label Label.
	 * @param string $type  Type.
	 * @param string $more  Attributes; a fixed text of ours.
	 */
	private function row( $name, $label, $type, $more ) {
		printf(
			'<tr><th scope="row"><label for="onefunders-%1$s">%2$s</label></th><td><input class="regular-text" id="onefunders-%1$s" name="%1$s" type="%3$s" %4$s /></td></tr>',
			esc_attr( $name ),
			esc_html( $label ),
			esc_attr( $type ),
			$more // phpcs:ignore WordPress.Security.EscapeOutput.OutputNotEscaped -- a literal of this file.
		);
	}
}
