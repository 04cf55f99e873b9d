<?php
/**
 * A stand-in for WP-CLI where the real one is not here: the commands of one object by their names,
 * arguments as WP-CLI splits them, an error ends with exit code 1. run.php loads it before WordPress.
 */

define( 'WP_CLI', true );

/** What our commands ask of WP-CLI. */
final class WP_CLI {

	/**
	 * Objects by command.
	 *
	 * @var array<string, object>
	 */
	private static $commands = array();

	/** Keep a command. @param string $name Name. @param object $object Its methods are the commands. */
	public static function add_command( $name, $object ) {
		self::$commands[ $name ] = $object;
	}

	/** A line. @param string $text Text. */
	public static function line( $text ) {
		fwrite( STDOUT, "$text\n" );
	}

	/** Good news. @param string $text Text. */
	public static function success( $text ) {
		self::line( "Success: $text" );
	}

	/** Bad news, the end. @param string $text Text. */
	public static function error( $text ) {
		fwrite( STDERR, "Error: $text\n" );
		exit( 1 );
	}

	/** Run a command line. @param string[] $words Words after "wp". */
	public static function run( array $words ) {
		$object = self::$commands[ array_shift( $words ) ];
		$wanted = array_shift( $words );
		$args   = array();
		$named  = array();
		foreach ( $words as $word ) {
			if ( 0 === strpos( $word, '--' ) ) {
				list( $name, $value ) = explode( '=', substr( $word, 2 ), 2 ) + array( 1 => true );
				$named[ $name ]       = $value;
			} else {
				$args[] = $word;
			}
		}
		foreach ( ( new ReflectionClass( $object ) )->getMethods( ReflectionMethod::IS_PUBLIC ) as $method ) {
			$name = preg_match( '/@subcommand\s+(\S+)/', (string) $method->getDocComment(), $found ) ? $found[1] : $method->name;
			if ( $name === $wanted ) {
				$method->invoke( $object, $args, $named );
				return;
			}
		}
		self::error( "no such command: $wanted" );
	}
}
