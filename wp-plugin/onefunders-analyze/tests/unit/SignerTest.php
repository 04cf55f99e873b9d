<?php
use PHPUnit\Framework\TestCase;

/** The shared vectors, which Python's tests run as well. */
final class SignerTest extends TestCase {

	public static function vectors(): array {
		$shared = json_decode( file_get_contents( __DIR__ . '/../../../../tests/vectors/signature.json' ), true );
		$cases  = array();
		foreach ( $shared['vectors'] as $vector ) {
			$cases[ $vector['name'] ] = array( $vector, $shared['keys'] );
		}
		return $cases;
	}

	/**
	 * What the server accepts we sign to the same bytes; nothing that it refuses is made by us.
	 *
	 * @dataProvider vectors
	 */
	public function test_a_vector_is_signed_as_the_server_expects( array $vector, array $keys ): void {
		$signer = new OneFunders_Signer( $vector['key_id'], $keys[ $vector['key_id'] ] ?? 'unknown' );
		$given  = array( $vector['origins'][0], $vector['method'], $vector['target'], $vector['timestamp'], $vector['nonce'], base64_decode( $vector['body_base64'] ) );
		try {
			$text    = $signer->text( ...$given );
			$headers = $signer->headers( ...$given );
		} catch ( InvalidArgumentException $refused ) {
			$this->assertFalse( $vector['accepted'] );
			return;
		}
		if ( $vector['accepted'] ) {
			$this->assertSame( $vector['signed_text'], $text );
			$this->assertSame( 'v1=' . $vector['signature'], $headers['X-OneFunders-Signature'] );
			$this->assertSame( $vector['key_id'], $headers['X-OneFunders-Key'] );
			return;
		}
		$outside = 'time' === $vector['why'] || 'key' === $vector['why'] || 'form' === $vector['why'];
		$this->assertTrue( $outside || $headers['X-OneFunders-Signature'] !== $vector['sent_signature'], 'a refused request must not be what we would send' );
	}

	/** No field can smuggle in a further line. */
	public function test_a_newline_in_a_field_is_refused(): void {
		$this->expectException( InvalidArgumentException::class );
		( new OneFunders_Signer( 'primary', 'k' ) )->text( 'https://a.example', 'GET', "/x\n", '1790000000', str_repeat( 'a', 16 ), '' );
	}
}
