<?php
/**
 * Runs the lint rules over the plugin, after each rule has found the fault in its own fixture.
 * Prints file:line: rule: what; ends with 1 when there is a fault.
 */

require __DIR__ . '/rules.php';
require __DIR__ . '/whole.php';

$plugin = realpath( __DIR__ . '/../onefunders-analyze' );
$faults = array();

foreach ( LINT_RULES as $rule ) {
	$fixture = __DIR__ . "/fixtures/$rule.php";
	$found   = array_column( ( "lint_$rule" )( lint_tokens( file_get_contents( $fixture ) ), "$rule.php" ), 0 );
	$wanted  = array_keys( preg_grep( '/\/\/ bad/', explode( "\n", file_get_contents( $fixture ) ) ) );
	$wanted  = array_map( static function ( $n ) {
		return $n + 1;
	}, $wanted );
	if ( array_values( array_unique( $found ) ) !== $wanted ) {
		$faults[] = "$fixture: the rule $rule finds lines " . implode( ', ', $found ) . ', not ' . implode( ', ', $wanted );
	}
}

$files = new RegexIterator( new RecursiveIteratorIterator( new RecursiveDirectoryIterator( $plugin, FilesystemIterator::SKIP_DOTS ) ), '/\.php$/' );
foreach ( $files as $file ) {
	$name = substr( $file->getPathname(), strlen( $plugin ) + 1 );
	if ( 0 === strpos( $name, 'tests/' ) ) {
		continue;
	}
	$source = file_get_contents( $file->getPathname() );
	if ( substr_count( $source, "\n" ) >= 400 ) {
		$faults[] = "$name: 400 lines or more";
	}
	foreach ( LINT_RULES as $rule ) {
		foreach ( ( "lint_$rule" )( lint_tokens( $source ), 0 === strpos( $name, 'includes/woocommerce/' ) ? "woocommerce/$name" : basename( $name ) ) as list( $line, $what ) ) {
			$faults[] = "$name:$line: $rule: $what";
		}
	}
}

$faults = array_merge( $faults, lint_versions( $plugin ), lint_readme( file_get_contents( "$plugin/readme.txt" ) ), lint_languages( $plugin ) );
$broken = lint_readme( "=== X ===\nStable tag: 1.0\n== Upgrade Notice ==\n= 1.0 =\n" . str_repeat( 'x', 301 ) );
if ( count( $broken ) < 5 ) {
	$faults[] = 'the rule readme does not find what is wrong in a broken readme';
}

echo implode( "\n", $faults ), $faults ? "\n" : '';
exit( $faults ? 1 : 0 );
