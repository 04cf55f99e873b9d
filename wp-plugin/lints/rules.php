<?php
/**
 * The plugin's own lint rules, each a function from a file's tokens to faults. They look for what
 * a reviewer of the plugin directory would: see the fixtures, each of which breaks one rule.
 */

/**
 * Tokens without blanks and comments: array( id or null, text, line ).
 */
function lint_tokens( string $source ): array {
	$tokens = array();
	$line   = 1;
	foreach ( token_get_all( $source ) as $token ) {
		$made = is_array( $token ) ? $token : array( null, $token, $line );
		$line = $made[2];
		if ( ! in_array( $made[0], array( T_WHITESPACE, T_COMMENT, T_DOC_COMMENT ), true ) ) {
			$tokens[] = $made;
		}
	}
	return $tokens;
}

/** Text of tokens $from up to $to, joined by blanks. */
function lint_text( array $tokens, int $from, int $to ): string {
	return implode( ' ', array_column( array_slice( $tokens, $from, $to - $from ), 1 ) );
}

/** Index behind the bracket that closes the one at $open. */
function lint_close( array $tokens, int $open ): int {
	$depth = 0;
	for ( $i = $open; $i < count( $tokens ); $i++ ) {
		if ( in_array( $tokens[ $i ][1], array( '(', '[', '{', '${' ), true ) || T_CURLY_OPEN === $tokens[ $i ][0] ) {
			++$depth;
		} elseif ( in_array( $tokens[ $i ][1], array( ')', ']', '}' ), true ) && 0 === --$depth ) {
			return $i + 1;
		}
	}
	return count( $tokens );
}

/** Calls of plain functions: name => list of indexes. */
function lint_calls( array $tokens ): array {
	$calls = array();
	foreach ( $tokens as $i => $token ) {
		$before = $tokens[ $i - 1 ][0] ?? null;
		$is     = T_STRING === $token[0] && '(' === ( $tokens[ $i + 1 ][1] ?? '' )
			&& ! in_array( $before, array( T_OBJECT_OPERATOR, T_DOUBLE_COLON, T_FUNCTION, T_NEW ), true );
		if ( $is ) {
			$calls[ $token[1] ][] = $i;
		}
	}
	return $calls;
}

/** ABSPATH guard in every file. */
function lint_guard( array $tokens, string $name ): array {
	$text = lint_text( $tokens, 0, 40 );
	return false !== strpos( $text, "defined ( 'ABSPATH' ) || exit" ) ? array() : array( array( 1, 'begin with: defined( \'ABSPATH\' ) || exit;' ) );
}

/** Every output is escaped as late as possible. */
function lint_escaped( array $tokens, string $name ): array {
	$safe   = array( 'esc_html', 'esc_attr', 'esc_url', 'esc_html__', 'esc_attr__', 'esc_html_e', 'wp_kses_post', 'wp_json_encode', 'absint', 'disabled', 'count', 'sprintf', 'wp_nonce_field' );
	$faults = array();
	foreach ( $tokens as $i => $token ) {
		$is_print = T_STRING === $token[0] && in_array( $token[1], array( 'printf', '_e', 'print_r', 'vprintf' ), true ) && '(' === ( $tokens[ $i + 1 ][1] ?? '' );
		if ( in_array( $token[0], array( T_ECHO, T_OPEN_TAG_WITH_ECHO, T_PRINT ), true ) || $is_print ) {
			for ( $end = $i + 1; $end < count( $tokens ) && ';' !== $tokens[ $end ][1] && T_CLOSE_TAG !== $tokens[ $end ][0]; $end++ ) {
				if ( '(' === $tokens[ $end ][1] && T_STRING === $tokens[ $end - 1 ][0] && in_array( $tokens[ $end - 1 ][1], $safe, true ) ) {
					$end = lint_close( $tokens, $end ) - 1;
					continue;
				}
				$condition = T_VARIABLE === $tokens[ $end ][0] && preg_match( '/\A[^;]*\?/', lint_text( $tokens, $end, $end + 12 ) );
				if ( T_VARIABLE === $tokens[ $end ][0] && '$more' !== $tokens[ $end ][1] && ! $condition ) {
					$faults[] = array( $tokens[ $end ][2], "{$tokens[ $end ][1]} is printed without escaping" );
				}
				if ( T_STRING === $tokens[ $end ][0] && in_array( $tokens[ $end ][1], array( '__', '_x', '_n' ), true ) ) {
					$faults[] = array( $tokens[ $end ][2], 'a translation is printed without escaping' );
				}
			}
			if ( $is_print && '_e' === $token[1] ) {
				$faults[] = array( $token[2], 'esc_html_e, not _e' );
			}
		}
	}
	return $faults;
}

/** Superglobals are unslashed, and sanitized or validated, in the expression that reads them. */
function lint_input( array $tokens, string $name ): array {
	$clean  = '/\b(sanitize_text_field|sanitize_key|absint|wp_verify_nonce|array_map \( \'sanitize_key\')\b/';
	$faults = array();
	foreach ( $tokens as $i => $token ) {
		if ( T_VARIABLE !== $token[0] || ! in_array( $token[1], array( '$_GET', '$_POST', '$_REQUEST', '$_COOKIE', '$_SERVER', '$_FILES' ), true ) ) {
			continue;
		}
		$inside = lint_text( $tokens, max( 0, $i - 4 ), $i );
		if ( preg_match( '/(isset|is_string|is_array) \( $|(isset|is_string|is_array) \($/', $inside ) ) {
			continue;
		}
		$password = false !== strpos( lint_text( $tokens, $i, $i + 4 ), "'investor_pass'" );
		$before   = lint_text( $tokens, max( 0, $i - 8 ), $i );
		if ( false === strpos( $before, 'wp_unslash (' ) ) {
			$faults[] = array( $token[2], "{$token[1]} without wp_unslash" );
		} elseif ( ! $password && ! preg_match( $clean, $before ) ) {
			$faults[] = array( $token[2], "{$token[1]} without sanitizing" );
		}
	}
	return $faults;
}

/** What admin-post, admin-ajax and save hooks call checks capability and nonce; nothing is for visitors. */
function lint_handlers( array $tokens, string $name ): array {
	$faults = array();
	$bodies = array();
	foreach ( $tokens as $i => $token ) {
		if ( T_FUNCTION === $token[0] && T_STRING === ( $tokens[ $i + 1 ][0] ?? null ) ) {
			$open = $i;
			while ( '{' !== ( $tokens[ $open ][1] ?? '{' ) && ';' !== $tokens[ $open ][1] ) {
				++$open;
			}
			$bodies[ $tokens[ $i + 1 ][1] ] = lint_text( $tokens, $open, lint_close( $tokens, $open ) );
		}
		if ( T_CONSTANT_ENCAPSED_STRING === $token[0] && preg_match( '/nopriv/', $token[1] ) ) {
			$faults[] = array( $token[2], 'a hook for visitors' );
		}
	}
	foreach ( lint_calls( $tokens )['add_action'] ?? array() as $i ) {
		$call = lint_text( $tokens, $i + 2, lint_close( $tokens, $i + 1 ) );
		if ( ! preg_match( "/\A'(admin_post_|wp_ajax_|save_post|template_redirect)/", $call ) || ! preg_match( "/\\\$this , '(\w+)'/", $call, $method ) ) {
			continue;
		}
		$body = $bodies[ $method[1] ] ?? '';
		if ( ! preg_match( '/check_admin_referer|check_ajax_referer|wp_verify_nonce/', $body ) ) {
			$faults[] = array( $tokens[ $i ][2], "{$method[1]}() checks no nonce" );
		}
		if ( ! preg_match( '/current_user_can/', $body ) ) {
			$faults[] = array( $tokens[ $i ][2], "{$method[1]}() checks no capability" );
		}
	}
	return $faults;
}

/** Translations name our text domain as a literal. */
function lint_domain( array $tokens, string $name ): array {
	$faults = array();
	foreach ( array( '__', '_e', '_x', '_n', '_nx', 'esc_html__', 'esc_html_e', 'esc_attr__', 'esc_attr_e' ) as $function ) {
		foreach ( lint_calls( $tokens )[ $function ] ?? array() as $i ) {
			$call = lint_text( $tokens, $i + 1, lint_close( $tokens, $i + 1 ) );
			if ( ! preg_match( "/, 'onefunders-analyze' \)\z/", $call ) || ! preg_match( "/\A\( '/", $call ) ) {
				$faults[] = array( $tokens[ $i ][2], "$function() without a literal text and our text domain" );
			}
		}
	}
	return $faults;
}

/** Orders need not be posts: no post meta, no WP_Query. */
function lint_orders( array $tokens, string $name ): array {
	if ( 'class-product-box.php' === $name ) {
		return array();
	}
	$faults = array();
	foreach ( array( 'get_post_meta', 'update_post_meta', 'add_post_meta', 'delete_post_meta', 'get_posts', 'get_post' ) as $function ) {
		foreach ( lint_calls( $tokens )[ $function ] ?? array() as $i ) {
			$faults[] = array( $tokens[ $i ][2], "$function() on what may be an order" );
		}
	}
	foreach ( $tokens as $token ) {
		if ( T_STRING === $token[0] && 'WP_Query' === $token[1] ) {
			$faults[] = array( $token[2], 'WP_Query on what may be an order' );
		}
	}
	return $faults;
}

/** Queries of $wpdb go through prepare(). */
function lint_sql( array $tokens, string $name ): array {
	$faults = array();
	foreach ( $tokens as $i => $token ) {
		if ( T_VARIABLE === $token[0] && '$wpdb' === $token[1] && in_array( $tokens[ $i + 2 ][1] ?? '', array( 'query', 'get_results', 'get_row', 'get_col', 'get_var' ), true ) && '$wpdb' !== ( $tokens[ $i + 4 ][1] ?? '' ) ) {
			$faults[] = array( $token[2], 'SQL without $wpdb->prepare()' );
		}
	}
	return $faults;
}

/** Functions and constructs that have no place here. */
function lint_banned( array $tokens, string $name ): array {
	$faults = array();
	$banned = array( 'curl_init', 'curl_exec', 'file_get_contents', 'fopen', 'json_encode', 'parse_url', 'rand', 'mt_rand', 'strip_tags', 'date', 'var_dump', 'print_r', 'error_log', 'var_export', 'debug_backtrace', 'extract', 'serialize', 'unserialize', 'wp_safe_remote_post', 'wp_redirect', 'create_function', 'shell_exec', 'exec', 'system', 'passthru' );
	foreach ( $banned as $function ) {
		foreach ( lint_calls( $tokens )[ $function ] ?? array() as $i ) {
			$faults[] = array( $tokens[ $i ][2], "$function() is not used here" );
		}
	}
	foreach ( $tokens as $token ) {
		if ( in_array( $token[0], array( T_EVAL, T_GOTO ), true ) || '`' === $token[1] ) {
			$faults[] = array( $token[2], 'eval, goto and backticks are not used here' );
		}
		if ( T_OPEN_TAG === $token[0] && '<?php' !== rtrim( $token[1] ) ) {
			$faults[] = array( $token[2], 'short open tag' );
		}
		if ( T_CONSTANT_ENCAPSED_STRING === $token[0] && preg_match( '#//(?!analyze\.example\.com)[a-z0-9-]+\.[a-z]+#i', $token[1] ) ) {
			$faults[] = array( $token[2], 'a fixed address' );
		}
	}
	return $faults;
}

/** WooCommerce is called from its adapter only. */
function lint_adapter( array $tokens, string $name ): array {
	if ( false !== strpos( $name, 'woocommerce/' ) ) {
		return array();
	}
	$faults = array();
	foreach ( lint_calls( $tokens ) as $function => $places ) {
		if ( preg_match( '/\A(wc_|as_(?!sign)|is_wc_|is_account_page|WC\z)/', $function ) ) {
			$faults[] = array( $tokens[ $places[0] ][2], "$function() is called outside includes/woocommerce" );
		}
	}
	foreach ( $tokens as $token ) {
		if ( T_STRING === $token[0] && preg_match( '/\AWC_(?!REMOVE_ALL_DATA)/', $token[1] ) ) {
			$faults[] = array( $token[2], "{$token[1]} is used outside includes/woocommerce" );
		}
	}
	return $faults;
}

const LINT_RULES = array( 'guard', 'escaped', 'input', 'handlers', 'domain', 'orders', 'sql', 'banned', 'adapter' );
