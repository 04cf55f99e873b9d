<?php
use PHPUnit\Framework\TestCase;

/** Sealing. */
final class CredentialsTest extends TestCase {

	/** What was sealed opens for the same item only, and never twice to the same text. */
	public function test_a_sealed_password_is_bound_to_its_item(): void {
		$seal   = new OneFunders_Credentials( 'key' );
		$sealed = $seal->seal( ' Pa55 ', 1, 2 );
		$this->assertSame( ' Pa55 ', $seal->open( $sealed, 1, 2 ) );
		$this->assertNull( $seal->open( $sealed, 1, 3 ) );
		$this->assertNull( $seal->open( $sealed, 12, 2 ) );
		$this->assertNull( ( new OneFunders_Credentials( 'other' ) )->open( $sealed, 1, 2 ) );
		$this->assertNotSame( $sealed, $seal->seal( ' Pa55 ', 1, 2 ) );
	}

	/** Every changed character is noticed. */
	public function test_a_changed_text_does_not_open(): void {
		$seal   = new OneFunders_Credentials( 'key' );
		$sealed = $seal->seal( 'Pa55', 1, 2 );
		for ( $n = 0; $n < strlen( $sealed ); $n++ ) {
			$changed       = $sealed;
			$changed[ $n ] = 'A' === $changed[ $n ] ? 'B' : 'A';
			if ( base64_decode( substr( $changed, 3 ), true ) !== base64_decode( substr( $sealed, 3 ), true ) ) {
				$this->assertNull( $seal->open( $changed, 1, 2 ), "character $n" );
			}
		}
	}

	/** 1 to 64 characters without control characters, blanks and any script included. */
	public function test_what_can_be_a_password(): void {
		foreach ( array( ' ', 'a', str_repeat( 'ü', 64 ), 'رمز', '<b>&"\'\\' ) as $good ) {
			$this->assertTrue( OneFunders_Credentials::is_password( $good ), $good );
		}
		foreach ( array( '', str_repeat( 'a', 65 ), "a\n", "a\x00b", "a\xc2\x85", "\xff", null, array( 'a' ) ) as $bad ) {
			$this->assertFalse( OneFunders_Credentials::is_password( $bad ) );
		}
	}
}
