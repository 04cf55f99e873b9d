<?php
use PHPUnit\Framework\TestCase;

/** What WooCommerce hands out holds no password. */
final class LeaksTest extends TestCase {

	/** A shop that keeps the password in a field of its own, in a key that mails would show. */
	private function leaks(): OneFunders_Woo_Leaks {
		onefunders_test_reset();
		update_option( 'onefunders_field_password', 'Investor password' );
		return new OneFunders_Woo_Leaks( new OneFunders_Settings() );
	}

	/** Mails and order pages list an item's meta data by id: the rest keeps its ids. */
	public function test_mails_do_not_show_a_password(): void {
		$rows = array(
			7 => (object) array( 'key' => 'Colour', 'value' => 'blue' ),
			8 => (object) array( 'key' => 'Investor password', 'value' => 'canary' ),
			9 => (object) array( 'key' => '_onefunders_sealed', 'value' => 'canary' ),
		);
		$this->assertSame( array( 7 => $rows[7] ), $this->leaks()->shown( $rows ) );
	}

	/** Payloads lose rows and values of a password at any depth, and stay lists. */
	public function test_payloads_do_not_hold_a_password(): void {
		$meta    = array( array( 'key' => 'Investor password', 'value' => 'canary' ), array( 'key' => 'Colour', 'value' => 'blue' ) );
		$payload = array( 'line_items' => array( array( 'meta_data' => $meta, 'Investor password' => 'canary' ) ) );
		$this->assertSame( array( 'line_items' => array( array( 'meta_data' => array( $meta[1] ) ) ) ), $this->leaks()->strip( $payload ) );
	}
}
