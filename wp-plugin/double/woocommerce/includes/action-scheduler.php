<?php
/**
 * The scheduler's queue: rows with arguments in clear text; what failed is never run again.
 *
 * @package WooCommerceDouble
 */

defined( 'ABSPATH' ) || exit;

add_action(
	'init',
	static function () {
		do_action( 'action_scheduler_init' );
	},
	1
);

/** Add a row; as in Action Scheduler, "unique" looks at hook and group, not at arguments. @param int $at When. @param string $hook Hook. @param array $args Arguments. @param string $group Group. @param bool $unique Unique. */
function double_schedule( $at, $hook, $args, $group, $unique ) {
	global $wpdb;
	if ( ! did_action( 'action_scheduler_init' ) ) {
		trigger_error( "$hook was scheduled before action_scheduler_init", E_USER_WARNING ); // phpcs:ignore
		return 0;
	}
	$table = $wpdb->prefix . 'actionscheduler_actions';
	if ( $unique && $wpdb->get_var( $wpdb->prepare( "SELECT COUNT(*) FROM $table WHERE hook = %s AND group_slug = %s AND status IN ('pending', 'in-progress')", $hook, $group ) ) ) { // phpcs:ignore
		return 0;
	}
	$wpdb->insert(
		$table,
		array(
			'hook'               => $hook,
			'status'             => 'pending',
			'scheduled_date_gmt' => gmdate( 'Y-m-d H:i:s', $at ),
			'args'               => wp_json_encode( $args ),
			'group_slug'         => $group,
		)
	);
	return (int) $wpdb->insert_id;
}

/** Run soon. @param string $hook Hook. @param array $args Arguments. @param string $group Group. @param bool $unique Unique. @param int $priority Priority. */
function as_enqueue_async_action( $hook, $args = array(), $group = '', $unique = false, $priority = 10 ) {
	return double_schedule( time(), $hook, $args, $group, $unique );
}

/** Run at a time. @param int $timestamp When. @param string $hook Hook. @param array $args Arguments. @param string $group Group. @param bool $unique Unique. @param int $priority Priority. */
function as_schedule_single_action( $timestamp, $hook, $args = array(), $group = '', $unique = false, $priority = 10 ) {
	return double_schedule( $timestamp, $hook, $args, $group, $unique );
}

/** Condition and values of a search. @param string $hook Hook. @param array|null $args Arguments, null for any. @param string $group Group. */
function double_pending( $hook, $args, $group ) {
	global $wpdb;
	$where = $wpdb->prepare( 'hook = %s', $hook );
	if ( '' !== $group ) {
		$where .= $wpdb->prepare( ' AND group_slug = %s', $group );
	}
	return null === $args ? $where : $where . $wpdb->prepare( ' AND args = %s', wp_json_encode( $args ) );
}

/** Whether a pending or running action is there. @param string $hook Hook. @param array|null $args Arguments. @param string $group Group. */
function as_has_scheduled_action( $hook, $args = null, $group = '' ) {
	global $wpdb;
	$where = double_pending( $hook, $args, $group );
	return (bool) $wpdb->get_var( "SELECT COUNT(*) FROM {$wpdb->prefix}actionscheduler_actions WHERE $where AND status IN ('pending', 'in-progress')" ); // phpcs:ignore
}

/** Cancel what is pending. @param string $hook Hook, '' for all of a group. @param array $args Arguments, array() for any. @param string $group Group. */
function as_unschedule_all_actions( $hook, $args = array(), $group = '' ) {
	global $wpdb;
	$where = '' === $hook ? $wpdb->prepare( 'group_slug = %s', $group ) : double_pending( $hook, $args ? $args : null, $group );
	$wpdb->query( "UPDATE {$wpdb->prefix}actionscheduler_actions SET status = 'canceled' WHERE $where AND status = 'pending'" ); // phpcs:ignore
}

/** Run what is due, as WP-Cron would; how many ran. @param int $until Unix seconds. */
function double_run_queue( $until ) {
	global $wpdb;
	$table = $wpdb->prefix . 'actionscheduler_actions';
	$due   = $wpdb->get_results( $wpdb->prepare( "SELECT * FROM $table WHERE status = 'pending' AND scheduled_date_gmt <= %s ORDER BY scheduled_date_gmt, action_id", gmdate( 'Y-m-d H:i:s', $until ) ) ); // phpcs:ignore
	foreach ( $due as $row ) {
		$wpdb->update( $table, array( 'status' => 'in-progress' ), array( 'action_id' => $row->action_id ) );
		$end     = 'complete';
		$message = 'action complete';
		try {
			do_action_ref_array( $row->hook, array_values( json_decode( $row->args, true ) ) );
		} catch ( Throwable $error ) {
			$end     = 'failed';
			$message = 'action failed: ' . $error->getMessage();
		}
		$wpdb->update( $table, array( 'status' => $end ), array( 'action_id' => $row->action_id ) );
		$wpdb->insert( $wpdb->prefix . 'actionscheduler_logs', array( 'action_id' => $row->action_id, 'message' => $message ) );
	}
	return count( $due );
}
