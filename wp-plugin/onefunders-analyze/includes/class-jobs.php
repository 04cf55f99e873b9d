<?php
/**
 * The hooks of all jobs, and the daily sweep.
 *
 * @package OneFunders
 */

defined( 'ABSPATH' ) || exit;

/** Takes jobs from the queue; the sweep wipes what lies too long and picks up what got stuck. */
final class OneFunders_Jobs {

	const SWEEP  = 'onefunders_sweep';
	const RESUME = OneFunders_Link::RESUME;
	const HOOKS  = array( OneFunders_Order_Connector::CONNECT, OneFunders_Order_Connector::POLL, OneFunders_Order_Connector::END, self::SWEEP );
	const REPORT = 'onefunders_sweep_report';
	const STUCK  = HOUR_IN_SECONDS;

	/**
	 * Items.
	 *
	 * @var OneFunders_Items
	 */
	private $items;

	/**
	 * Connector.
	 *
	 * @var OneFunders_Order_Connector
	 */
	private $connector;

	/**
	 * Jobs.
	 *
	 * @var OneFunders_Queue
	 */
	private $queue;

	/**
	 * Items under way.
	 *
	 * @var OneFunders_Open_Items
	 */
	private $open;

	/**
	 * Settings.
	 *
	 * @var OneFunders_Settings
	 */
	private $settings;

	/**
	 * All jobs.
	 *
	 * @param OneFunders_Items           $items     Items.
	 * @param OneFunders_Order_Connector $connector Connector.
	 * @param OneFunders_Queue           $queue     Jobs.
	 * @param OneFunders_Open_Items      $open      Items under way.
	 * @param OneFunders_Settings        $settings  Settings.
	 */
	public function __construct( OneFunders_Items $items, OneFunders_Order_Connector $connector, OneFunders_Queue $queue, OneFunders_Open_Items $open, OneFunders_Settings $settings ) {
		$this->items     = $items;
		$this->connector = $connector;
		$this->queue     = $queue;
		$this->open      = $open;
		$this->settings  = $settings;
	}

	/** Register; the sweep is a single action that arms itself anew, for a recurring one stops after faults. */
	public function register() {
		add_action( OneFunders_Order_Connector::CONNECT, array( $this->connector, 'connect' ), 10, 3 );
		add_action( OneFunders_Order_Connector::POLL, array( $this->connector, 'poll' ), 10, 3 );
		add_action( OneFunders_Order_Connector::END, array( $this->connector, 'end' ), 10, 3 );
		add_action( self::SWEEP, array( $this, 'sweep_and_rearm' ) );
		add_action( self::RESUME, array( $this, 'resume' ) );
		add_action( 'action_scheduler_init', array( $this, 'arm' ) );
		add_action( 'woocommerce_order_status_processing', array( $this->connector, 'paid' ) );
		add_action( 'woocommerce_order_status_completed', array( $this->connector, 'paid' ) );
		add_action( 'woocommerce_order_status_refunded', array( $this->connector, 'ended' ) );
		add_action( 'woocommerce_order_status_cancelled', array( $this->connector, 'ended' ) );
	}

	/** Arm the sweep where none is armed; looked at in the admin and in cron only. */
	public function arm() {
		if ( is_admin() || wp_doing_cron() || ( defined( 'WP_CLI' ) && WP_CLI ) ) {
			$this->arm_sweep();
		}
	}

	/** One sweep for tomorrow; the day's number keeps a second one out. */
	private function arm_sweep() {
		$this->queue->add( self::SWEEP, array( 1 + (int) ( time() / DAY_IN_SECONDS ) ), DAY_IN_SECONDS );
	}

	/** The daily job. */
	public function sweep_and_rearm() {
		try {
			$this->sweep();
		} finally {
			$this->arm_sweep();
		}
	}

	/**
	 * Wipe, pick up, report.
	 *
	 * @param bool $dry Only count.
	 * @return array{at: int, seen: int, wiped: int, stuck: int}
	 */
	public function sweep( $dry = false ) {
		$report = array(
			'at'    => time(),
			'seen'  => 0,
			'wiped' => 0,
			'stuck' => 0,
		);
		foreach ( $this->each_open() as $place ) {
			++$report['seen'];
			$item = $this->items->item( $place['order_id'], $place['item_id'] );
			if ( null === $item ) {
				if ( ! $dry ) {
					$this->open->remove( $place['order_id'], $place['item_id'] );
				}
				continue;
			}
			$sealed = (int) $item->get( 'sealed_at' );
			if ( '' !== $item->get( 'sealed' ) && $sealed < time() - DAY_IN_SECONDS * $this->settings->sweep_days() ) {
				++$report['wiped'];
				if ( ! $dry ) {
					$this->connector->book()->change( $item, 'swept', 'credentials_expired' );
				}
			} elseif ( $place['since'] < time() - self::STUCK ) {
				++$report['stuck'];
				if ( ! $dry ) {
					$this->pick_up( $item );
				}
			}
		}
		if ( ! $dry ) {
			update_option( self::REPORT, $report, false );
		}
		return $report;
	}

	/** The link works again: every item under way gets its job back. */
	public function resume() {
		foreach ( $this->each_open() as $place ) {
			$item = $this->items->item( $place['order_id'], $place['item_id'] );
			if ( null !== $item ) {
				$this->pick_up( $item );
			}
		}
	}

	/**
	 * Queue paid orders that have no state yet, such as those from before the plugin.
	 *
	 * @param int  $days How far back.
	 * @param bool $dry  Only count.
	 * @return int How many accounts.
	 */
	public function sync_orders( $days, $dry ) {
		$count = 0;
		$page  = 1;
		do {
			$orders = 0;
			$query  = array(
				'status'       => array( 'wc-processing', 'wc-completed' ),
				'date_created' => '>' . ( time() - DAY_IN_SECONDS * $days ),
			);
			foreach ( $this->items->page( $query, $page, 50, $orders ) as $item ) {
				if ( '' === $item->get( 'state' ) ) {
					++$count;
					if ( ! $dry ) {
						$this->connector->paid( $item->order_id() );
					}
				}
			}
			++$page;
		} while ( 50 === $orders );
		return $count;
	}

	/**
	 * How many accounts of the newest orders have a password in clear text.
	 *
	 * @return int
	 */
	public function unsealed() {
		$found = 0;
		foreach ( $this->items->page( array(), 1, 100 ) as $item ) {
			$found += '' !== $item->fields()['password'] ? 1 : 0;
		}
		return $found;
	}

	/**
	 * Give an item its job back; the queue drops it where the same job waits.
	 *
	 * @param OneFunders_Item $item Item.
	 */
	private function pick_up( OneFunders_Item $item ) {
		$ids = array( $item->order_id(), $item->item_id(), 0 );
		if ( in_array( $item->order_status(), array( 'refunded', 'cancelled' ), true ) && '' !== $item->get( 'account_id' ) ) {
			$this->queue->add( OneFunders_Order_Connector::END, $ids );
		} elseif ( '' !== $item->get( 'account_id' ) ) {
			$this->connector->look( $item );
		} elseif ( in_array( $item->get( 'state' ), array( OneFunders_State_Machine::QUEUED, OneFunders_State_Machine::CONNECTING ), true ) ) {
			$this->queue->add( OneFunders_Order_Connector::CONNECT, $ids );
		}
	}

	/**
	 * Every item under way, in pages.
	 *
	 * @return Generator
	 */
	private function each_open() {
		$after = 0;
		do {
			$page = $this->open->page( $after );
			foreach ( $page as $option => $place ) {
				$after = $option;
				yield $place;
			}
		} while ( array() !== $page );
	}
}
