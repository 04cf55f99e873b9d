<?php
/**
 * Configuration of the site under tests; the folder's site.json says what differs.
 */

$site = json_decode( (string) file_get_contents( __DIR__ . '/site.json' ), true );
foreach ( $site['constants'] as $name => $value ) {
	define( $name, $value );
}
define( 'DB_NAME', $site['database'] );
define( 'DB_USER', 'root' );
define( 'DB_PASSWORD', '' );
define( 'DB_HOST', 'localhost:' . $site['socket'] );
define( 'DB_CHARSET', 'utf8mb4' );
define( 'DB_COLLATE', '' );
foreach ( array( 'AUTH', 'SECURE_AUTH', 'LOGGED_IN', 'NONCE' ) as $name ) {
	define( "{$name}_KEY", hash( 'sha256', "$name key of the tests" ) );
	define( "{$name}_SALT", hash( 'sha256', "$name salt of the tests" ) );
}
define( 'WP_DEBUG', true );
define( 'WP_DEBUG_DISPLAY', false );
define( 'WP_DEBUG_LOG', __DIR__ . '/wp-content/debug.log' );
define( 'DISABLE_WP_CRON', true );
define( 'WP_HTTP_BLOCK_EXTERNAL', true );
define( 'WP_ACCESSIBLE_HOSTS', '127.0.0.1,localhost' );
define( 'AUTOMATIC_UPDATER_DISABLED', true );
define( 'WP_HOME', $site['url'] );
define( 'WP_SITEURL', $site['url'] );
$table_prefix = 'wp_';
if ( ! defined( 'ABSPATH' ) ) {
	define( 'ABSPATH', __DIR__ . '/' );
}
require_once ABSPATH . 'wp-settings.php';
