<?php
/**
 * Notices in the admin.
 *
 * @package OneFunders
 */

defined( 'ABSPATH' ) || exit;

/** How the user's last action went, and what stops the shop from connecting accounts. */
final class OneFunders_Notices {

	/**
	 * Settings.
	 *
	 * @var OneFunders_Settings
	 */
	private $settings;

	/**
	 * Link.
	 *
	 * @var OneFunders_Link
	 */
	private $link;

	/**
	 * Notices.
	 *
	 * @param OneFunders_Settings $settings Settings.
	 * @param OneFunders_Link     $link     Link.
	 */
	public function __construct( OneFunders_Settings $settings, OneFunders_Link $link ) {
		$this->settings = $settings;
		$this->link     = $link;
	}

	/** Register. */
	public function register() {
		add_action( 'admin_notices', array( $this, 'show' ) );
	}

	/**
	 * Keep a notice for this user's next page.
	 *
	 * @param string $kind success, error or warning.
	 * @param string $text Text.
	 */
	public function keep( $kind, $text ) {
		set_transient( 'onefunders_notice_' . get_current_user_id(), array( $kind, $text ), MINUTE_IN_SECONDS );
	}

	/** Show. */
	public function show() {
		if ( ! current_user_can( $this->settings->capability() ) ) {
			return;
		}
		$name = 'onefunders_notice_' . get_current_user_id();
		$kept = get_transient( $name );
		if ( is_array( $kept ) ) {
			delete_transient( $name );
			$this->one( $kept[0], $kept[1] );
		}
		$halted = $this->link->halted();
		if ( '' !== $halted ) {
			$this->one( 'error', __( 'OneFunders: accounts are not connected at present.', 'onefunders-analyze' ) . ' ' . OneFunders_Words::code( $halted ) );
		}
		if ( 0 !== $this->link->known()['skew'] ) {
			/* translators: %d: seconds. */
			$this->one( 'warning', sprintf( __( 'OneFunders: the clock of this machine is off by %d seconds. Set it right (NTP): from 300 seconds on the server refuses every call.', 'onefunders-analyze' ), abs( $this->link->known()['skew'] ) ) );
		}
	}

	/**
	 * One notice.
	 *
	 * @param string $kind Kind.
	 * @param string $text Text.
	 */
	private function one( $kind, $text ) {
		echo '<div class="notice notice-' . esc_attr( $kind ) . ' is-dismissible"><p>' . esc_html( $text ) . '</p></div>';
	}
}
