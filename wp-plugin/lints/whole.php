<?php
/**
 * Rules over the whole plugin: versions, readme, languages.
 */

/** The same version in header, constant, readme and changelog. */
function lint_versions( string $plugin ): array {
	$main   = file_get_contents( "$plugin/onefunders-analyze.php" );
	$readme = file_get_contents( "$plugin/readme.txt" );
	$found  = array();
	foreach ( array(
		'header'    => array( '/^ \* Version:\s+(\S+)/m', $main ),
		'constant'  => array( "/'ONEFUNDERS_VERSION', '([^']+)'/", $main ),
		'readme'    => array( '/^Stable tag: (\S+)/m', $readme ),
		'changelog' => array( '/^== Changelog ==\s+= (\S+) =/m', $readme ),
	) as $place => list( $pattern, $text ) ) {
		$found[ $place ] = preg_match( $pattern, $text, $match ) ? $match[1] : '(none)';
	}
	return 1 === count( array_unique( $found ) ) ? array() : array( 'versions differ: ' . json_encode( $found ) );
}

/** What a readme must hold. */
function lint_readme( string $readme ): array {
	$faults = array();
	foreach ( array( '/^Stable tag: \d/m', '/^License: GPL-2\.0-or-later/m', '/^Tested up to: \d/m', '/^Requires PHP: 7\.4/m', '/^Requires at least: \d/m', '/^== Description ==/m', '/^== Installation ==/m', '/^== Changelog ==/m', '/^== Upgrade Notice ==/m' ) as $wanted ) {
		if ( ! preg_match( $wanted, $readme ) ) {
			$faults[] = "readme.txt lacks $wanted";
		}
	}
	$notices = preg_match( '/^== Upgrade Notice ==\s+(.*?)(?:\n== |\z)/ms', $readme, $match ) ? preg_split( '/^= .* =$/m', $match[1] ) : array();
	foreach ( $notices as $notice ) {
		if ( strlen( trim( $notice ) ) > 300 ) {
			$faults[] = 'readme.txt: an upgrade notice has more than 300 characters';
		}
	}
	return $faults;
}

/** The texts of a .po file by msgid; a plural's id is its first form. */
function lint_po( string $file ): array {
	$texts = array();
	$key   = null;
	$into  = null;
	foreach ( file( $file ) as $line ) {
		if ( preg_match( '/^(msgid|msgid_plural|msgstr(?:\[\d\])?) "(.*)"$/', rtrim( $line ), $match ) ) {
			$into = $match[1];
			if ( 'msgid' === $into ) {
				$key = $match[2];
			} elseif ( 0 === strpos( $into, 'msgstr' ) ) {
				$texts[ $key ][ $into ] = $match[2];
			}
		} elseif ( preg_match( '/^"(.*)"$/', rtrim( $line ), $match ) ) {
			if ( 'msgid' === $into ) {
				$key .= $match[1];
			} elseif ( null !== $into && 0 === strpos( $into, 'msgstr' ) ) {
				$texts[ $key ][ $into ] .= $match[1];
			}
		} else {
			$into = null;
		}
	}
	return $texts;
}

/** No text of the code is missing in the template, none of the template in fa_IR. */
function lint_languages( string $plugin ): array {
	$pot    = lint_po( "$plugin/languages/onefunders-analyze.pot" );
	$fa     = lint_po( "$plugin/languages/onefunders-analyze-fa_IR.po" );
	$faults = array();
	foreach ( array_keys( $pot ) as $text ) {
		if ( '' !== $text && ( empty( $fa[ $text ] ) || in_array( '', $fa[ $text ], true ) ) ) {
			$faults[] = "fa_IR lacks: $text";
		}
	}
	return $faults;
}
