<?php
use PHPUnit\Framework\TestCase;

/** From a paid order to a connected account, against scripted answers of the server. */
final class ConnectorTest extends TestCase {

	const ID      = '6ff2513f-b141-4199-81d6-2dedfc659fa0';
	const AGREED  = array( 'success' => true, 'account_id' => self::ID, 'code' => 'connected', 'message' => 'x' );
	const CONNECT = OneFunders_Order_Connector::CONNECT;

	private function paid( array $fields = array() ): Memory_Shop {
		$shop = new Memory_Shop( new Memory_Item( $fields ) );
		$shop->connector->paid( 11 );
		return $shop;
	}

	/** Neither a stored value, a note, a log line nor a job ever holds the password. */
	private function assert_no_password( Memory_Shop $shop ): void {
		$all = print_r( array( $shop->item->every_value, $shop->item->notes, $shop->lines, $shop->jobs, $GLOBALS['onefunders_test']['options'] ), true );
		$this->assertStringNotContainsString( 'canary', $all );
	}

	/** Told twice, a paid order makes one job; the password is sealed before anything is stored. */
	public function test_a_paid_order_makes_one_job(): void {
		$shop = $this->paid();
		$shop->connector->paid( 11 );
		$this->assertSame( array( array( self::CONNECT, array( 11, 22, 0 ), 0 ) ), $shop->jobs );
		$this->assertSame( 'queued', $shop->item->saved['state'] );
		$this->assertSame( array( '11/22' ), array_keys( $shop->open->places ) );
		$this->assert_no_password( $shop );
	}

	/** The signed bytes are the sent bytes, with the amount as the shop has it; nothing follows a redirect. */
	public function test_what_is_sent(): void {
		$shop = $this->paid( array( 'server' => 'A/B', 'login' => '50' ) );
		$shop->answer( 200, self::AGREED );
		$shop->connector->connect( 11, 22, 0 );
		list( $url, $args ) = $shop->requests()[0];
		$this->assertSame( 'https://api.example/api/connect', $url );
		$this->assertSame( '{"login":"50","investor_pass":"canary-Pa55","server":"A/B","account_type":"two-step","wp_user_id":7,"order_id":"11","currency":"USD","initial_balance":100000.10}', $args['body'] );
		$this->assertSame( array( 0, true, 15, true ), array( $args['redirection'], $args['sslverify'], $args['timeout'], $args['blocking'] ) );
		$again = ( new OneFunders_Signer( 'primary', str_repeat( 'k1', 32 ) ) )->headers( 'https://api.example', 'POST', '/api/connect', $args['headers']['X-OneFunders-Timestamp'], $args['headers']['X-OneFunders-Nonce'], $args['body'] );
		$this->assertSame( $again['X-OneFunders-Signature'], $args['headers']['X-OneFunders-Signature'] );
	}

	public static function outcomes(): array {
		return array(
			// Answer, state, code, is the password still sealed, next job.
			'connected'     => array( 200, self::AGREED, 'connected', '', false, null ),
			'accepted'      => array( 202, self::AGREED, 'connecting', '', false, OneFunders_Order_Connector::POLL ),
			'success false' => array( 200, array( 'success' => false, 'account_id' => self::ID ), 'failed', 'http_200', true, null ),
			'other page'    => array( 200, '<html>', 'failed', 'unexpected_answer', true, null ),
			'redirect'      => array( 307, '', 'failed', 'unexpected_answer', true, null ),
			'clock or key'  => array( 401, array( 'code' => 'unauthorized' ), 'queued', 'unauthorized', true, null ),
			'scope'         => array( 403, array( 'code' => 'forbidden' ), 'queued', 'forbidden', true, null ),
			'owned'         => array( 409, array( 'code' => 'owned_by_other' ), 'needs_attention', 'owned_by_other', true, null ),
			'bad password'  => array( 422, array( 'code' => 'bad_credentials' ), 'needs_attention', 'bad_credentials', false, null ),
			'master'        => array( 422, array( 'code' => 'master_password' ), 'needs_attention', 'master_password', false, null ),
			'plan'          => array( 422, array( 'code' => 'unknown_plan' ), 'needs_attention', 'unknown_plan', true, null ),
			'locked'        => array( 423, array( 'code' => 'locked' ), 'failed', 'locked', true, null ),
			'too many'      => array( 429, array( 'code' => 'rate_limited' ), 'queued', 'rate_limited', true, self::CONNECT ),
			'error'         => array( 500, '', 'queued', 'http_500', true, self::CONNECT ),
			'away'          => array( 503, array( 'code' => 'unavailable' ), 'queued', 'unavailable', true, self::CONNECT ),
			'no answer'     => array( 0, '', 'queued', 'network', true, self::CONNECT ),
		);
	}

	/**
	 * Each answer leads to its state; the password stays sealed exactly where it may be needed.
	 *
	 * @dataProvider outcomes
	 */
	public function test_an_answer( int $status, $body, string $state, string $code, bool $sealed, ?string $job ): void {
		$shop       = $this->paid();
		$shop->jobs = array();
		if ( 0 === $status ) {
			$shop->no_answer();
		} else {
			$shop->answer( $status, $body );
		}
		$shop->connector->connect( 11, 22, 0 );
		$saved = $shop->item->saved;
		$this->assertSame( array( $state, $code, $sealed ), array( $saved['state'], $saved['last_error_code'] ?? '', isset( $saved['sealed'] ) ) );
		$this->assertSame( null === $job ? array() : array( $job ), array_column( $shop->jobs, 0 ) );
		$this->assertSame( ! $sealed, isset( $saved['credentials_wiped_at'] ) );
		$this->assertSame( 401 === $status || 403 === $status ? $code : '', $shop->link->halted() );
		$this->assert_no_password( $shop );
	}

	/** Retries come after 1, 5, 15, 60 and then 240 minutes with jitter, with one key, and end after eight attempts. */
	public function test_retries(): void {
		$shop = $this->paid();
		$keys = array();
		foreach ( array( 1, 5, 15, 60, 240, 240, 240, null ) as $attempt => $minutes ) {
			$shop->jobs = array();
			$shop->no_answer();
			$shop->connector->connect( 11, 22, $attempt );
			$keys[] = $shop->requests()[ $attempt ][1]['headers']['Idempotency-Key'];
			if ( null === $minutes ) {
				$this->assertSame( array(), $shop->jobs );
				continue;
			}
			list( $hook, $args, $seconds ) = $shop->jobs[0];
			$this->assertSame( array( self::CONNECT, array( 11, 22, $attempt + 1 ) ), array( $hook, $args ) );
			$this->assertGreaterThanOrEqual( 60 * $minutes, $seconds );
			$this->assertLessThanOrEqual( 72 * $minutes, $seconds );
		}
		$this->assertCount( 1, array_unique( $keys ) );
		$this->assertSame( 'failed', $shop->item->saved['state'] );
		$nonces = array_map( static function ( $request ) {
			return $request[1]['headers']['X-OneFunders-Nonce'];
		}, $shop->requests() );
		$this->assertCount( 8, array_unique( $nonces ) );
	}

	/** The server's Retry-After is waited for. */
	public function test_retry_after(): void {
		$shop       = $this->paid();
		$shop->jobs = array();
		$shop->answer( 503, array(), array( 'retry-after' => '900' ) );
		$shop->connector->connect( 11, 22, 0 );
		$this->assertGreaterThanOrEqual( 900, $shop->jobs[0][2] );
	}

	/** A bug in an attempt is retried: the queue itself would never run it again. */
	public function test_what_is_thrown_is_retried(): void {
		$shop                                  = $this->paid();
		$shop->jobs                            = array();
		$GLOBALS['onefunders_test']['answers'] = array( new RuntimeException( 'canary-Pa55' ) );
		$shop->connector->connect( 11, 22, 0 );
		$this->assertSame( self::CONNECT, $shop->jobs[0][0] );
		$this->assertSame( 'queued', $shop->item->saved['state'] );
		$this->assert_no_password( $shop );
	}

	/** A refused signature stops all jobs; the first good answer gives them back. */
	public function test_halted_and_resumed(): void {
		$shop = $this->paid();
		$shop->answer( 401, array( 'code' => 'unauthorized' ) );
		$shop->connector->connect( 11, 22, 0 );
		$shop->connector->connect( 11, 22, 0 );
		$this->assertCount( 1, $shop->requests() );
		$shop->link->heard( OneFunders_Answer::of( 200, '{}', array(), time() ) );
		$this->assertContains( OneFunders_Link::RESUME, $GLOBALS['onefunders_test']['actions'] );
		$shop->jobs = array();
		$shop->sweeper->resume();
		$this->assertSame( array( self::CONNECT, array( 11, 22, 0 ), 0 ), $shop->jobs[0] );
	}

	/** An order that is over before its job ran is never sent; one with an unknown outcome is asked, then ended. */
	public function test_refunds(): void {
		$shop                     = $this->paid();
		$shop->item->order_status = 'refunded';
		$shop->connector->ended( 11 );
		$this->assertSame( array( 'none', false ), array( $shop->item->saved['state'], isset( $shop->item->saved['sealed'] ) ) );

		$shop = $this->paid();
		$shop->no_answer();
		$shop->connector->connect( 11, 22, 0 );
		$shop->item->order_status = 'cancelled';
		$shop->connector->ended( 11 );
		$this->assertSame( 'queued', $shop->item->saved['state'] );
		$shop->answer( 200, self::AGREED );
		$shop->connector->connect( 11, 22, 1 );
		$this->assertSame( OneFunders_Order_Connector::END, end( $shop->jobs )[0] );
		$shop->answer( 200, self::AGREED );
		$shop->connector->end( 11, 22, 0 );
		$this->assertSame( 'none', $shop->item->saved['state'] );
	}

	/** An accepted account is looked at after 1, 5, 15 and 60 minutes, then once a day. */
	public function test_polls(): void {
		$shop = $this->paid();
		$shop->answer( 202, self::AGREED );
		$shop->connector->connect( 11, 22, 0 );
		foreach ( array( 0, 1, 2, 3 ) as $poll ) {
			$this->assertSame( array( 1, 5, 15, 60 )[ $poll ] * 60, end( $shop->jobs )[2] );
			$shop->answer( 200, array( 'summary' => array( 'connection_state' => 'connecting' ) ) );
			$shop->connector->poll( 11, 22, $poll );
		}
		$this->assertSame( array( 'needs_attention', 'still_connecting' ), array( $shop->item->saved['state'], $shop->item->saved['last_error_code'] ) );
		$shop->open->places['11/22'] = time() - 2 * HOUR_IN_SECONDS;
		$shop->answer( 200, array( 'summary' => array( 'connection_state' => 'ready' ) ) );
		$shop->sweeper->sweep();
		$this->assertSame( 'connected', $shop->item->saved['state'] );
	}

	/** A password that the server rejects later is asked for anew. */
	public function test_rejected_later(): void {
		$shop = $this->paid();
		$shop->answer( 202, self::AGREED );
		$shop->connector->connect( 11, 22, 0 );
		$shop->answer( 200, array( 'summary' => array( 'connection_state' => 'credentials_rejected' ), 'last_error_code' => 'bad_credentials' ) );
		$shop->connector->poll( 11, 22, 0 );
		$this->assertSame( 'needs_attention', $shop->item->saved['state'] );
		$old = $shop->item->saved['generation'];
		$this->assertTrue( $shop->connector->give_credentials( $shop->item, array( 'password' => 'canary-2' ) ) );
		$this->assertNotSame( $old, $shop->item->saved['generation'] );
		$this->assertArrayNotHasKey( 'account_id', $shop->item->saved );
		$this->assert_no_password( $shop );
	}

	/** An account that waits for the operator without a code says so, and blames no password. */
	public function test_operator_needed(): void {
		$shop = $this->paid();
		$shop->answer( 202, self::AGREED );
		$shop->connector->connect( 11, 22, 0 );
		$shop->answer( 200, array( 'summary' => array( 'connection_state' => 'needs_operator' ), 'last_error_code' => null ) );
		$shop->connector->poll( 11, 22, 0 );
		$this->assertSame( array( 'needs_attention', 'needs_operator' ), array( $shop->item->saved['state'], $shop->item->saved['last_error_code'] ) );
		$this->assertStringContainsString( 'only the operator can do', OneFunders_Words::code( $shop->item->saved['last_error_code'] ) );
		$this->assert_no_password( $shop );
	}

	/** The sweep wipes what lies longer than the setting says, and not a second earlier. */
	public function test_the_sweep_wipes(): void {
		$shop                              = $this->paid();
		$shop->item->meta['sealed_at']     = (string) ( time() - 14 * DAY_IN_SECONDS + 5 );
		$this->assertSame( 0, $shop->sweeper->sweep()['wiped'] );
		$shop->item->meta['sealed_at'] = (string) ( time() - 14 * DAY_IN_SECONDS - 1 );
		$this->assertSame( 1, $shop->sweeper->sweep( true )['wiped'] );
		$this->assertArrayHasKey( 'sealed', $shop->item->meta );
		$this->assertSame( 1, $shop->sweeper->sweep()['wiped'] );
		$this->assertSame( array( 'needs_attention', 'credentials_expired', false ), array( $shop->item->saved['state'], $shop->item->saved['last_error_code'], isset( $shop->item->saved['sealed'] ) ) );
	}

	/** A guest's account and one without a password wait for a human, and nothing is sent. */
	public function test_what_cannot_be_sent(): void {
		$guest           = new Memory_Shop();
		$guest->item->customer = 0;
		$guest->connector->paid( 11 );
		$guest->connector->connect( 11, 22, 0 );
		$this->assertSame( 'no_customer', $guest->item->saved['last_error_code'] );
		$empty = $this->paid( array( 'password' => '' ) );
		$this->assertSame( array( 'needs_attention', 'credentials_missing' ), array( $empty->item->saved['state'], $empty->item->saved['last_error_code'] ) );
		$this->assertSame( array(), array_merge( $guest->requests(), $empty->requests(), $empty->jobs ) );
	}

	/** Amounts: digits with a point, never zero, at most eight decimals. */
	public function test_money(): void {
		foreach ( array( '1', '0.1', '100000.10', '999999999999.12345678' ) as $good ) {
			$this->assertTrue( OneFunders_Connect_Body::is_money( $good ), $good );
		}
		foreach ( array( '', '0', '0.00', '-1', '1e5', '01', '1.', '.5', '1,5', '1.123456789', "1\n", '۱' ) as $bad ) {
			$this->assertFalse( OneFunders_Connect_Body::is_money( $bad ), $bad );
		}
	}
}
