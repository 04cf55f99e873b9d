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
foreach ( array( 'pre_site_transient_update_core', 'pre_site_transient_update_plugins', 'pre_site_transient_update_themes' ) as $name ) {
	add_filter( $name, static function () {
		return (object) array( 'last_checked' => time() );
	} );
}
