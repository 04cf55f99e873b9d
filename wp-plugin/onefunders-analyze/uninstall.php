<?php
/**
 * Leaving: secrets, jobs, kept answers, the capability and sealed passwords always go; what an
 * order tells about its account stays unless WC_REMOVE_ALL_DATA says otherwise.
 *
 * @package OneFunders
 */

defined( 'WP_UNINSTALL_PLUGIN' ) || exit;

defined( 'ABSPATH' ) || exit;

require_once __DIR__ . '/includes/autoload.php';

$onefunders_removal = new OneFunders_Removal( defined( 'WC_REMOVE_ALL_DATA' ) && WC_REMOVE_ALL_DATA );

if ( is_multisite() ) {
	$onefunders_from = 0;
	do {
		$onefunders_sites = get_sites(
			array(
				'fields' => 'ids',
				'number' => 100,
				'offset' => $onefunders_from,
			)
		);
		foreach ( $onefunders_sites as $onefunders_site ) {
			switch_to_blog( $onefunders_site );
			$onefunders_removal->run();
			restore_current_blog();
		}
		$onefunders_from += 100;
	} while ( array() !== $onefunders_sites );
} else {
	$onefunders_removal->run();
}
