<?php
/**
 * What staff does to an account.
 *
 * @package OneFunders
 */

defined( 'ABSPATH' ) || exit;

/** Every action checks capability, nonce and id, is a signed call of the server, and says how it went. */
final class OneFunders_Account_Actions {

	const HOOK  = 'onefunders_account';
	const VERBS = array( 'reconnect', 'deactivate', 'credentials', 'reset', 'initial-balance' );
	const BULK  = array( 'reconnect', 'deactivate' );
	const MOST  = 50;

	/**
	 * Settings.
	 *
	 * @var OneFunders_Settings
	 */
	private $settings;

	/**
	 * Client.
	 *
	 * @var OneFunders_Api_Client
	 */
	private $api;

	/**
	 * Source.
	 *
	 * @var OneFunders_Accounts_Source
	 */
	private $source;

	/**
	 * Book.
	 *
	 * @var OneFunders_Item_Book
	 */
	private $book;

	/**
	 * Notices.
	 *
	 * @var OneFunders_Notices
	 */
	private $notices;

	/**
	 * Actions.
	 *
	 * @param OneFunders_Settings        $settings Settings.
	 * @param OneFunders_Api_Client      $api      Client.
	 * @param OneFunders_Accounts_Source $source   Source.
	 * @param OneFunders_Item_Book       $book     Book.
	 * @param OneFunders_Notices         $notices  Notices.
	 */
	public function __construct( OneFunders_Settings $settings, OneFunders_Api_Client $api, OneFunders_Accounts_Source $source, OneFunders_Item_Book $book, OneFunders_Notices $notices ) {
		$this->settings = $settings;
		$this->api      = $api;
		$this->source   = $source;
		$this->book     = $book;
		$this->notices  = $notices;
	}

	/** Register; there is no hook for visitors. */
	public function register() {
		add_action( 'admin_post_' . self::HOOK, array( $this, 'one' ) );
	}

	/**
	 * The nonce of one action on one account.
	 *
	 * @param string $verb Action.
	 * @param string $id   Account.
	 * @return string
	 */
	public static function nonce( $verb, $id ) {
		return "onefunders_{$verb}_$id";
	}

	/**
	 * Address of an action by a click.
	 *
	 * @param string $verb Action.
	 * @param string $id   Account.
	 * @return string
	 */
	public static function url( $verb, $id ) {
		$url = add_query_arg(
			array(
				'action'  => self::HOOK,
				'verb'    => $verb,
				'account' => $id,
			),
			admin_url( 'admin-post.php' )
		);
		return wp_nonce_url( $url, self::nonce( $verb, $id ) );
	}

	/** One action. */
	public function one() {
		if ( ! current_user_can( $this->settings->capability() ) ) {
			wp_die( esc_html__( 'You may not do this.', 'onefunders-analyze' ), '', array( 'response' => 403 ) );
		}
		$verb = isset( $_REQUEST['verb'] ) ? sanitize_key( wp_unslash( $_REQUEST['verb'] ) ) : '';
		$id   = isset( $_REQUEST['account'] ) && is_string( $_REQUEST['account'] ) ? sanitize_key( wp_unslash( $_REQUEST['account'] ) ) : '';
		check_admin_referer( self::nonce( $verb, $id ) );
		if ( ! in_array( $verb, self::VERBS, true ) || ! wp_is_uuid( $id ) ) {
			wp_die( esc_html__( 'There is no such action or account.', 'onefunders-analyze' ), '', array( 'response' => 400 ) );
		}
		$body = $this->body( $verb );
		if ( null === $body ) {
			$this->notices->keep( 'error', __( 'Nothing was changed: a field is missing or not valid.', 'onefunders-analyze' ) );
		} else {
			$code = $this->call( $verb, $id, $body );
			$this->notices->keep( '' === $code ? 'success' : 'error', '' === $code ? __( 'Done.', 'onefunders-analyze' ) : OneFunders_Words::code( $code ) );
		}
		$this->back();
	}

	/**
	 * One action on many accounts.
	 *
	 * @param string $verb Action.
	 */
	public function bulk( $verb ) {
		check_admin_referer( 'bulk-accounts' );
		if ( ! current_user_can( $this->settings->capability() ) || ! in_array( $verb, self::BULK, true ) ) {
			wp_die( esc_html__( 'You may not do this.', 'onefunders-analyze' ), '', array( 'response' => 403 ) );
		}
		$ids  = isset( $_REQUEST['account'] ) && is_array( $_REQUEST['account'] ) ? array_map( 'sanitize_key', wp_unslash( $_REQUEST['account'] ) ) : array();
		$ids  = array_slice( array_unique( array_filter( $ids, 'wp_is_uuid' ) ), 0, self::MOST );
		$done = 0;
		$last = '';
		foreach ( $ids as $id ) {
			$code  = $this->call( $verb, $id, $this->body( $verb ) );
			$done += '' === $code ? 1 : 0;
			$last  = '' === $code ? $last : $code;
		}
		/* translators: 1: number that went well, 2: number of all. */
		$text = sprintf( __( '%1$d of %2$d accounts: done.', 'onefunders-analyze' ), $done, count( $ids ) );
		$this->notices->keep( count( $ids ) === $done ? 'success' : 'error', trim( $text . ' ' . OneFunders_Words::code( $last ) ) );
		$this->back();
	}

	/**
	 * The body of an action, from the form; null when a field is not valid.
	 *
	 * @param string $verb Action.
	 * @return string|null
	 */
	private function body( $verb ) {
		// phpcs:disable WordPress.Security.NonceVerification.Missing -- the callers have checked the nonce.
		$reason = isset( $_POST['reason'] ) ? sanitize_text_field( wp_unslash( $_POST['reason'] ) ) : '';
		$plan   = isset( $_POST['plan'] ) ? sanitize_text_field( wp_unslash( $_POST['plan'] ) ) : '';
		$phase  = isset( $_POST['phase'] ) ? sanitize_text_field( wp_unslash( $_POST['phase'] ) ) : '';
		$money  = isset( $_POST['initial_balance'] ) ? sanitize_text_field( wp_unslash( $_POST['initial_balance'] ) ) : '';
		$pass   = isset( $_POST['investor_pass'] ) ? wp_unslash( $_POST['investor_pass'] ) : null; // phpcs:ignore WordPress.Security.ValidatedSanitizedInput.InputNotSanitized -- validated by is_password; sanitizing would alter it.
		// phpcs:enable
		$actor  = 'wp:' . get_current_user_id();
		$reason = '' === $reason ? 'account list' : mb_substr( $reason, 0, 200 );
		$more   = array();
		if ( 'credentials' === $verb ) {
			if ( ! OneFunders_Credentials::is_password( $pass ) ) {
				return null;
			}
			$more['investor_pass'] = $pass;
		} elseif ( 'reset' === $verb ) {
			if ( '' !== $phase && 1 !== preg_match( '/\A[0-9]\z/', $phase ) ) {
				return null;
			}
			$more += '' === $plan ? array() : array( 'account_type' => $plan );
			$more += '' === $phase ? array() : array( 'phase' => (int) $phase );
		} elseif ( 'initial-balance' === $verb && ! OneFunders_Connect_Body::is_money( $money ) ) {
			return null;
		}
		return OneFunders_Connect_Body::reason( $actor, $reason, $more, 'initial-balance' === $verb ? $money : '' );
	}

	/**
	 * Ask the server, then bring the order up to date.
	 *
	 * @param string $verb Action.
	 * @param string $id   Account.
	 * @param string $body Body.
	 * @return string A code, '' when it went well.
	 */
	private function call( $verb, $id, $body ) {
		$row    = 'deactivate' === $verb ? $this->source->one( $id ) : null;
		$answer = $this->api->post( "/api/s2s/accounts/$id/$verb", $body, "$verb-" . wp_generate_uuid4() );
		$this->source->forget();
		if ( OneFunders_Answer::OK !== $answer->kind ) {
			return $answer->code;
		}
		$item = null === $row ? null : $this->source->item_of( $id, $row['order_id'] );
		if ( null !== $item ) {
			$this->book->change( $item, 'ended' );
		}
		return '';
	}

	/** To the list. */
	private function back() {
		wp_safe_redirect( add_query_arg( 'page', OneFunders_Accounts_Page::SLUG, admin_url( 'admin.php' ) ) );
		exit;
	}
}
