<?php
/**
 * Runs PHP from standard input after WordPress has loaded, and prints what it returns as JSON.
 * The first argument is the site's folder; with "install" as second the site is made first.
 * "cli" runs a command of WP-CLI by a stand-in, its words from the fourth argument on; "network"
 * makes the site the first of a network; "admin" loads the admin side. The third argument
 * is the path of the site within a network.
 */

$folder = $argv[1];
$mode   = $argv[2] ?? '';
$site   = json_decode( (string) file_get_contents( "$folder/site.json" ), true );
$url    = parse_url( $site['url'] );

$_SERVER['HTTP_HOST']       = $url['host'] . ':' . $url['port'];
$_SERVER['SERVER_NAME']     = $url['host'];
$_SERVER['REQUEST_URI']     = $argv[3] ?? '/';
$_SERVER['REQUEST_METHOD']  = 'GET';
$_SERVER['SERVER_PROTOCOL'] = 'HTTP/1.1';
$_SERVER['REMOTE_ADDR']     = '127.0.0.1';
if ( 'install' === $mode ) {
	define( 'WP_INSTALLING', true );
}
if ( 'admin' === $mode ) {
	define( 'WP_ADMIN', true );
}
if ( 'cli' === $mode ) {
	require __DIR__ . '/wp-cli.php';
}
require "$folder/wp-load.php";
if ( 'cli' === $mode ) {
	WP_CLI::run( array_slice( $argv, 4 ) );
	exit;
}
if ( 'install' === $mode ) {
	require_once ABSPATH . 'wp-admin/includes/upgrade.php';
	wp_install( 'Shop', 'admin', 'admin@example.com', true, '', 'admin' );
	$GLOBALS['wpdb']->query( $GLOBALS['wpdb']->prepare( "ALTER TABLE {$GLOBALS['wpdb']->users} AUTO_INCREMENT = %d", $site['first_user'] ) );
	update_option( 'permalink_structure', '/%postname%/' );
	echo 'null';
	exit;
}
if ( 'network' === $mode ) {
	require_once ABSPATH . 'wp-admin/includes/upgrade.php';
	foreach ( $GLOBALS['wpdb']->tables( 'ms_global' ) as $name => $table ) {
		$GLOBALS['wpdb']->$name = $table;
	}
	install_network();
	populate_network( 1, $url['host'] . ':' . $url['port'], 'admin@example.com', 'Network', '/', false );
	echo 'null';
	exit;
}
require_once ABSPATH . 'wp-admin/includes/plugin.php';
require_once ABSPATH . 'wp-admin/includes/user.php';
$run = eval( 'return static function () {' . stream_get_contents( STDIN ) . '};' );
echo "\n", wp_json_encode( $run(), JSON_UNESCAPED_SLASHES ), "\n";
