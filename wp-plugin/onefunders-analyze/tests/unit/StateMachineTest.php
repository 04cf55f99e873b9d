<?php
use PHPUnit\Framework\TestCase;

/** The whole table of states and events, written down a second time. */
final class StateMachineTest extends TestCase {

	const TABLE = array(
		// event                => none, queued, connecting, connected, failed, needs_attention; * wipes.
		'paid'                => 'Q - - - - -',
		'credentials_missing' => 'A* A* A* - A* -',
		'credentials_given'   => 'Q Q - - Q Q',
		'try_again'           => '- - - - Q Q',
		'sending'             => '- C C - - -',
		'connected'           => '- - D* - - -',
		'accepted'            => '- - C* - - -',
		'unknown_outcome'     => '- - Q - - -',
		'halted'              => '- Q Q - - -',
		'exhausted'           => '- F F - - -',
		'owned_by_other'      => '- - A - - -',
		'refused'             => '- - A - - -',
		'credentials_refused' => '- - A* - - -',
		'broken'              => '- - F - - -',
		'seen_connected'      => '- - D* - - D*',
		'seen_rejected'       => '- - A* A* - -',
		'still_connecting'    => '- - A - - -',
		'swept'               => 'A* A* A* - A* A*',
		'ended'               => 'N* N* N* N* N* N*',
	);

	const LETTERS = array( 'N' => 'none', 'Q' => 'queued', 'C' => 'connecting', 'D' => 'connected', 'F' => 'failed', 'A' => 'needs_attention' );

	public static function cells(): array {
		$cells = array();
		foreach ( self::TABLE as $event => $row ) {
			foreach ( array_combine( array_values( self::LETTERS ), explode( ' ', $row ) ) as $state => $cell ) {
				$cells[ "$event in $state" ] = array( $state, $event, $cell );
			}
		}
		return $cells;
	}

	/**
	 * Every event in every state does what the table says, and nothing else.
	 *
	 * @dataProvider cells
	 */
	public function test_a_cell_of_the_table( string $state, string $event, string $cell ): void {
		$expected = '-' === $cell ? null : array( 'state' => self::LETTERS[ $cell[0] ], 'wipe' => '*' === substr( $cell, 1 ) );
		$this->assertSame( $expected, OneFunders_State_Machine::next( $state, $event ) );
	}

	/** The table knows every event of the code. */
	public function test_the_table_is_whole(): void {
		$this->assertSame( array_keys( self::TABLE ), array_keys( OneFunders_State_Machine::EVENTS ) );
	}
}
