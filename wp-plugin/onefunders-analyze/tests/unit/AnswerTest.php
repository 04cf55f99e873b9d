<?php
use PHPUnit\Framework\TestCase;

/** The classification table, answer by answer. */
final class AnswerTest extends TestCase {

	const NOW = 1790000000;
	const OK  = '{"success":true,"account_id":"6ff2513f-b141-4199-81d6-2dedfc659fa0","code":"connected"}';

	public static function answers(): array {
		return array(
			array( 200, self::OK, 'ok', 'connected' ),
			array( 202, self::OK, 'ok', 'accepted' ),
			array( 200, '{"success":true}', 'ok', 'broken' ),
			array( 200, '{"success":"true","account_id":"6ff2513f-b141-4199-81d6-2dedfc659fa0"}', 'ok', 'broken' ),
			array( 200, '{"success":true,"account_id":"x"}', 'ok', 'broken' ),
			array( 200, '<html>', 'broken', 'broken' ),
			array( 204, '', 'broken', 'broken' ),
			array( 301, '', 'broken', 'broken' ),
			array( 307, '', 'broken', 'broken' ),
			array( 400, '{"code":"bad_request"}', 'broken', 'broken' ),
			array( 401, '{"code":"unauthorized"}', 'halted', 'halted' ),
			array( 403, '{"code":"forbidden"}', 'halted', 'halted' ),
			array( 404, '{"code":"not_found"}', 'broken', 'broken' ),
			array( 408, '', 'retry', 'unknown_outcome' ),
			array( 409, '{"code":"owned_by_other"}', 'owned', 'owned_by_other' ),
			array( 413, '', 'broken', 'broken' ),
			array( 422, '{"code":"bad_credentials"}', 'refused', 'credentials_refused' ),
			array( 422, '{"code":"master_password"}', 'refused', 'credentials_refused' ),
			array( 422, '{"code":"unknown_plan"}', 'refused', 'refused' ),
			array( 422, '', 'refused', 'refused' ),
			array( 423, '{"code":"locked"}', 'broken', 'broken' ),
			array( 425, '', 'retry', 'unknown_outcome' ),
			array( 429, '{"code":"rate_limited"}', 'retry', 'unknown_outcome' ),
			array( 500, '', 'retry', 'unknown_outcome' ),
			array( 502, '<html>', 'retry', 'unknown_outcome' ),
			array( 503, '{"code":"unavailable"}', 'retry', 'unknown_outcome' ),
		);
	}

	/**
	 * A status and body have one class and one event.
	 *
	 * @dataProvider answers
	 */
	public function test_an_answer( int $status, string $body, string $kind, string $event ): void {
		$answer = OneFunders_Answer::of( $status, $body, array(), self::NOW );
		$this->assertSame( $kind, $answer->kind );
		$this->assertSame( $event, OneFunders_State_Machine::event_of( $answer ) );
	}

	/** Retry-After may be seconds or a date, and is never longer than six hours. */
	public function test_the_wait_that_the_server_asks_for(): void {
		$wait = static function ( string $text ): int {
			return OneFunders_Answer::of( 503, '', array( 'retry-after' => $text ), self::NOW )->retry_after;
		};
		$this->assertSame( 30, $wait( '30' ) );
		$this->assertSame( 90, $wait( gmdate( 'D, d M Y H:i:s', self::NOW + 90 ) . ' GMT' ) );
		$this->assertSame( 0, $wait( gmdate( 'D, d M Y H:i:s', self::NOW - 90 ) . ' GMT' ) );
		$this->assertSame( OneFunders_Answer::LONGEST_WAIT, $wait( '999999999' ) );
		$this->assertSame( 0, $wait( 'soon' ) );
	}

	/** A code of another form is never shown, and the clocks' difference is told. */
	public function test_code_and_clock(): void {
		$date   = gmdate( 'D, d M Y H:i:s', self::NOW + 400 ) . ' GMT';
		$answer = OneFunders_Answer::of( 422, '{"code":"<b>x"}', array( 'date' => $date, 'x-request-id' => "a\nb" ), self::NOW );
		$this->assertSame( array( 'http_422', 400, '' ), array( $answer->code, $answer->skew, $answer->request_id ) );
	}
}
