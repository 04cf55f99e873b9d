<?php
/**
 * Coming and going.
 *
 * @package OneFunders
 */

defined( 'ABSPATH' ) || exit;

/** Activation, deactivation and what uninstall removes. */
final class OneFunders_Installation {

	const VERSION = 'onefunders_version';
	const ROLES   = array( 'administrator', 'shop_manager' );

	/** On activation: the capability, and rules for the endpoint at the next page. */
	public function activate() {
		$this->grant();
		delete_option( self::VERSION );
	}

	/** The capability for staff. */
	private function grant() {
		foreach ( self::ROLES as $name ) {
			$role = get_role( $name );
			if ( null !== $role ) {
				$role->add_cap( OneFunders_Settings::CAPABILITY );
			}
		}
	}

	/** On deactivation: no job of ours stays. */
	public function deactivate() {
		( new OneFunders_Woo_Queue() )->clear();
		delete_option( self::VERSION );
		flush_rewrite_rules();
	}

	/** On init, late: once after activation and after a change of version; on every site of a network. */
	public function upgrade() {
		if ( ONEFUNDERS_VERSION !== get_option( self::VERSION ) ) {
			update_option( self::VERSION, ONEFUNDERS_VERSION, true );
			$this->grant();
			flush_rewrite_rules( false );
		}
	}
}
