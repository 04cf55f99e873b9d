<?php
/**
 * Doubles of WordPress' functions. State lies in $GLOBALS['onefunders_test'].
 *
 * @package OneFunders
 */

/** A fresh site. */
function onefunders_test_reset() {
	$GLOBALS['onefunders_test'] = array(
		'options'  => array(),
		'sent'     => array(),
		'answers'  => array(),
		'actions'  => array(),
		'requests' => array(),
	);
}
onefunders_test_reset();

// phpcs:disable

function __( $text ) {
	return $text;
}

function wp_json_encode( $data, $flags = 0 ) {
	return json_encode( $data, $flags );
}

function wp_parse_url( $url, $part = -1 ) {
	return parse_url( $url, $part );
}

function wp_is_uuid( $text ) {
	return is_string( $text ) && 1 === preg_match( '/\A[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}\z/', $text );
}

function wp_generate_uuid4() {
	return implode( '-', array( bin2hex( random_bytes( 4 ) ), bin2hex( random_bytes( 2 ) ), '4' . substr( bin2hex( random_bytes( 2 ) ), 1 ), 'a' . substr( bin2hex( random_bytes( 2 ) ), 1 ), bin2hex( random_bytes( 6 ) ) ) );
}

function wp_rand( $min, $max ) {
	return random_int( $min, $max );
}

function wp_salt( $scheme ) {
	return "salt of $scheme";
}

function get_option( $name, $default = false ) {
	return array_key_exists( $name, $GLOBALS['onefunders_test']['options'] ) ? $GLOBALS['onefunders_test']['options'][ $name ] : $default;
}

function update_option( $name, $value ) {
	$GLOBALS['onefunders_test']['options'][ $name ] = $value;
}

function add_option( $name, $value ) {
	$GLOBALS['onefunders_test']['options'] += array( $name => $value );
}

function delete_option( $name ) {
	unset( $GLOBALS['onefunders_test']['options'][ $name ] );
}

function apply_filters( $name, $value ) {
	return $value;
}

function do_action( $name ) {
	$GLOBALS['onefunders_test']['actions'][] = $name;
}

function add_filter() {}

function remove_filter() {}

class WP_Error {
}

function is_wp_error( $thing ) {
	return $thing instanceof WP_Error;
}

function wp_remote_request( $url, $args ) {
	$GLOBALS['onefunders_test']['requests'][] = array( $url, $args );
	$answer = array_shift( $GLOBALS['onefunders_test']['answers'] );
	if ( $answer instanceof Throwable ) {
		throw $answer;
	}
	return $answer;
}

function wp_remote_retrieve_header( $response, $name ) {
	return $response['headers'][ $name ] ?? '';
}

function wp_remote_retrieve_response_code( $response ) {
	return $response['status'];
}

function wp_remote_retrieve_body( $response ) {
	return $response['body'];
}
