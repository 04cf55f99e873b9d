<?php
/**
 * Unit tests run without WordPress: the few functions that the core classes call are doubled here.
 *
 * @package OneFunders
 */

define( 'ABSPATH', __DIR__ );
define( 'ONEFUNDERS_VERSION', 'test' );
define( 'MINUTE_IN_SECONDS', 60 );
define( 'HOUR_IN_SECONDS', 3600 );
define( 'DAY_IN_SECONDS', 86400 );

require __DIR__ . '/../includes/autoload.php';
require __DIR__ . '/wordpress.php';
require __DIR__ . '/class-memory-item.php';
require __DIR__ . '/class-memory-shop.php';
