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
