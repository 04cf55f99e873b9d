<?php
/**
 * Plugin Name: Watch
 *
 * Must-use plugin of the site under tests: no mail leaves, every mail is kept in a file; WordPress
 * does not look for updates.
 */

defined( 'ABSPATH' ) || exit;

add_filter(
	'pre_wp_mail',
	static function ( $sent, $mail ) {
		file_put_contents( WP_CONTENT_DIR . '/mail.log', wp_json_encode( $mail ) . "\n", FILE_APPEND );
		return true;
	},
	10,
	2
);
add_action(
	'init',
	static function () {
		foreach ( array( '_maybe_update_core', '_maybe_update_plugins', '_maybe_update_themes' ) as $name ) {
			remove_action( 'admin_init', $name );
		}
	}
);
// A nonce of the user's own session, also for one who is shown none: what a thief might have.
add_action(
	'wp_ajax_watch_nonce',
	static function () {
		wp_send_json( wp_create_nonce( wp_unslash( $_GET['of'] ) ) );
	}
);
// The answer to one call is lost on the way, after the server has acted.
add_filter(
	'http_response',
	static function ( $response ) {
		$file = WP_CONTENT_DIR . '/lose-answer';
		return is_file( $file ) && unlink( $file ) ? new WP_Error( 'http_request_failed', 'lost' ) : $response;
	}
);
// Who waits for a late answer gives up after a second, not after fifteen.
add_filter(
	'http_request_args',
	static function ( $args ) {
		return is_file( WP_CONTENT_DIR . '/impatient' ) ? array( 'timeout' => 1 ) + $args : $args;
	}
);
