<?php
/**
 * REST and webhooks: underscore meta of other plugins is shown, as WooCommerce does.
 *
 * @package WooCommerceDouble
 */

defined( 'ABSPATH' ) || exit;

add_action(
	'rest_api_init',
	static function () {
		register_rest_route(
			'wc/v3',
			'/orders/(?P<id>\d+)',
			array(
				'methods'             => 'GET',
				'callback'            => 'double_rest_order',
				'permission_callback' => static function () {
					return current_user_can( 'manage_woocommerce' );
				},
			)
		);
	}
);

/** Data of one order. @param WC_Order $order Order. */
function double_order_data( $order ) {
	$rows = static function ( $owner ) {
		return array_map( 'get_object_vars', $owner->get_meta_data() );
	};
	$data = array( 'id' => $order->get_id(), 'status' => $order->get_status(), 'meta_data' => $rows( $order ), 'line_items' => array() );
	foreach ( $order->get_items() as $id => $item ) {
		$data['line_items'][] = array( 'id' => $id, 'meta_data' => $rows( $item ) );
	}
	return $data;
}

/** One order. @param WP_REST_Request $request Request. */
function double_rest_order( $request ) {
	$order = wc_get_order( (int) $request['id'] );
	if ( ! $order ) {
		return new WP_Error( 'woocommerce_rest_invalid_id', 'Invalid ID.', array( 'status' => 404 ) );
	}
	$response = rest_ensure_response( double_order_data( $order ) );
	return apply_filters( 'woocommerce_rest_prepare_shop_order_object', $response, $order, $request );
}

/** What a webhook would send. @param int $order_id Order. */
function double_webhook_payload( $order_id ) {
	return apply_filters( 'woocommerce_webhook_payload', double_order_data( wc_get_order( $order_id ) ), 'order', $order_id, 1 );
}
