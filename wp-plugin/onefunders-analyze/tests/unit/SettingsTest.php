<?php
use PHPUnit\Framework\TestCase;

/** Addresses and words. */
final class SettingsTest extends TestCase {

	/** The origin is what is signed: lower case, no usual port, no path. */
	public function test_origins(): void {
		$cases = array(
			'https://API.example/'    => 'https://api.example',
			'https://api.example:443' => 'https://api.example',
			'https://api.example:8443' => 'https://api.example:8443',
			'http://127.0.0.1:80'     => 'http://127.0.0.1',
			'https://api.example/x'   => '',
			'https://u:p@api.example' => '',
			'https://api.example?x=1' => '',
			'ftp://api.example'       => '',
			'api.example'             => '',
			''                        => '',
		);
		foreach ( $cases as $url => $origin ) {
			$this->assertSame( $origin, OneFunders_Settings::origin_of( $url ), $url );
		}
	}

	/** Without WP_DEBUG plain HTTP is refused, even to this machine; then no call is made at all. */
	public function test_https_only(): void {
		$shop = new Memory_Shop();
		update_option( 'onefunders_api_url', 'http://127.0.0.1:8000' );
		$shop->connector->paid( 11 );
		$shop->connector->connect( 11, 22, 0 );
		$this->assertSame( array(), $shop->requests() );
		$this->assertSame( 'https_required', $shop->item->saved['last_error_code'] );
	}

	/** The middle of a login is hidden. */
	public function test_masked_logins(): void {
		$this->assertSame( array( '', '•••', '1••4', '12•••67' ), array_map( array( OneFunders_Words::class, 'masked' ), array( '', '123', '1234', '1234567' ) ) );
	}
}
