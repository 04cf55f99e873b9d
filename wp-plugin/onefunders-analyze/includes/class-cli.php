<?php
/**
 * WP-CLI.
 *
 * @package OneFunders
 */

defined( 'ABSPATH' ) || exit;

/** Commands for the shell: wp onefunders. */
final class OneFunders_Cli {

	/**
	 * Link.
	 *
	 * @var OneFunders_Link
	 */
	private $link;

	/**
	 * Test.
	 *
	 * @var OneFunders_Connection_Test
	 */
	private $test;

	/**
	 * Client.
	 *
	 * @var OneFunders_Api_Client
	 */
	private $api;

	/**
	 * Jobs.
	 *
	 * @var OneFunders_Jobs
	 */
	private $jobs;

	/**
	 * Commands.
	 *
	 * @param OneFunders_Link            $link Link.
	 * @param OneFunders_Connection_Test $test Test.
	 * @param OneFunders_Api_Client      $api  Client.
	 * @param OneFunders_Jobs            $jobs Jobs.
	 */
	public function __construct( OneFunders_Link $link, OneFunders_Connection_Test $test, OneFunders_Api_Client $api, OneFunders_Jobs $jobs ) {
		$this->link = $link;
		$this->test = $test;
		$this->api  = $api;
		$this->jobs = $jobs;
	}

	/** Register. */
	public function register() {
		if ( defined( 'WP_CLI' ) && WP_CLI ) {
			WP_CLI::add_command( 'onefunders', $this );
		}
	}

	/** Tell what waits and what stops. */
	public function status() {
		$report = $this->jobs->sweep( true );
		$halted = $this->link->halted();
		WP_CLI::line( sprintf( 'under way: %d, stuck: %d, to be wiped: %d', $report['seen'], $report['stuck'], $report['wiped'] ) );
		WP_CLI::line( '' === $halted ? 'jobs run' : "jobs are stopped: $halted" );
	}

	/** Test the connection. */
	public function test() {
		$told = $this->test->run();
		if ( $told['good'] ) {
			WP_CLI::success( $told['text'] );
		} else {
			WP_CLI::error( $told['text'] );
		}
	}

	/**
	 * Reconnect an account.
	 *
	 * ## OPTIONS
	 *
	 * <id>
	 * : The account's id.
	 *
	 * @param string[] $args Arguments.
	 */
	public function reconnect( $args ) {
		if ( ! wp_is_uuid( $args[0] ) ) {
			WP_CLI::error( 'an account id is a UUID' );
		}
		$answer = $this->api->post( "/api/s2s/accounts/{$args[0]}/reconnect", OneFunders_Connect_Body::reason( 'wp-cli', 'wp onefunders reconnect' ), 'reconnect-' . wp_generate_uuid4() );
		if ( OneFunders_Answer::OK === $answer->kind ) {
			WP_CLI::success( 'done' );
		} else {
			WP_CLI::error( OneFunders_Words::code( $answer->code ) );
		}
	}

	/**
	 * Queue paid orders of the last days that have no state yet.
	 *
	 * ## OPTIONS
	 *
	 * [--days=<days>]
	 * : How far back. Default 30.
	 *
	 * [--dry-run]
	 * : Only count.
	 *
	 * @subcommand sync-orders
	 * @param string[] $args  Unused.
	 * @param array    $named days, dry-run.
	 */
	public function sync_orders( $args, $named ) {
		$days = isset( $named['days'] ) ? max( 1, (int) $named['days'] ) : 30;
		$dry  = isset( $named['dry-run'] );
		WP_CLI::success( sprintf( $dry ? '%d accounts would be queued' : '%d accounts were queued', $this->jobs->sync_orders( $days, $dry ) ) );
	}

	/** Wipe what lies too long, pick up what got stuck. */
	public function sweep() {
		$report = $this->jobs->sweep();
		WP_CLI::success( sprintf( 'seen: %d, wiped: %d, stuck: %d', $report['seen'], $report['wiped'], $report['stuck'] ) );
	}
}
