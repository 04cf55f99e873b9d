<?php
/**
 * Site Health.
 *
 * @package OneFunders
 */

defined( 'ABSPATH' ) || exit;

/** What is not as it should be, each with what to do; the debug information holds no secret. */
final class OneFunders_Site_Health {

	const AJAX = 'health-check-onefunders-api';

	/**
	 * Settings.
	 *
	 * @var OneFunders_Settings
	 */
	private $settings;

	/**
	 * Link.
	 *
	 * @var OneFunders_Link
	 */
	private $link;

	/**
	 * Test of the connection.
	 *
	 * @var OneFunders_Connection_Test
	 */
	private $test;

	/**
	 * Jobs.
	 *
	 * @var OneFunders_Jobs
	 */
	private $jobs;

	/**
	 * Tests.
	 *
	 * @param OneFunders_Settings        $settings Settings.
	 * @param OneFunders_Link            $link     Link.
	 * @param OneFunders_Connection_Test $test     Test.
	 * @param OneFunders_Jobs            $jobs     Jobs.
	 */
	public function __construct( OneFunders_Settings $settings, OneFunders_Link $link, OneFunders_Connection_Test $test, OneFunders_Jobs $jobs ) {
		$this->settings = $settings;
		$this->link     = $link;
		$this->test     = $test;
		$this->jobs     = $jobs;
	}

	/** Register. */
	public function register() {
		add_filter( 'site_status_tests', array( $this, 'tests' ) );
		add_filter( 'debug_information', array( $this, 'information' ) );
		add_action( 'wp_ajax_' . self::AJAX, array( $this, 'answer' ) );
	}

	/**
	 * Our tests beside the others.
	 *
	 * @param array $tests Tests.
	 * @return array
	 */
	public function tests( $tests ) {
		$tests['async']['onefunders_api'] = array(
			'label'             => __( 'OneFunders: connection', 'onefunders-analyze' ),
			'test'              => 'onefunders-api',
			'async_direct_test' => array( $this, 'connection' ),
		);
		foreach ( array( 'secret', 'credential_key', 'cron', 'stuck', 'unsealed' ) as $name ) {
			$tests['direct'][ "onefunders_$name" ] = array(
				'label' => "OneFunders: $name",
				'test'  => array( $this, $name ),
			);
		}
		return $tests;
	}

	/** The answer to Site Health's own call. */
	public function answer() {
		check_ajax_referer( 'health-check-site-status' );
		if ( ! current_user_can( 'view_site_health_checks' ) ) {
			wp_send_json_error( null, 403 );
		}
		wp_send_json_success( $this->connection() );
	}

	/** Connection, signature and clock. @return array */
	public function connection() {
		$told = $this->test->run();
		if ( ! $told['good'] ) {
			return $this->result( 'api', 'critical', __( 'OneFunders: the analysis server refuses or does not answer', 'onefunders-analyze' ), $told['text'] );
		}
		return $this->result( 'api', 'good', __( 'OneFunders: the analysis server answers', 'onefunders-analyze' ), $told['text'] );
	}

	/** Where the key lies. @return array */
	public function secret() {
		$in_database = ! $this->settings->is_constant( 'onefunders_hmac_secret' ) && '' !== $this->settings->secret();
		return $in_database
			? $this->result( 'secret', 'recommended', __( 'OneFunders: the key lies in the database', 'onefunders-analyze' ), __( 'Define ONEFUNDERS_HMAC_SECRET in wp-config.php: then backups of the database do not hold it.', 'onefunders-analyze' ) )
			: $this->result( 'secret', 'good', __( 'OneFunders: the key is not in the database', 'onefunders-analyze' ), '' );
	}

	/** The credential key. @return array */
	public function credential_key() {
		return $this->settings->has_credential_key()
			? $this->result( 'credential_key', 'good', __( 'OneFunders: passwords are sealed with a key of their own', 'onefunders-analyze' ), '' )
			: $this->result( 'credential_key', 'critical', __( 'OneFunders: no key of its own seals passwords', 'onefunders-analyze' ), __( 'Define ONEFUNDERS_CREDENTIAL_KEY in wp-config.php with at least 32 random characters. Until then the salts are used: who changes them loses unsent passwords.', 'onefunders-analyze' ) );
	}

	/** WP-Cron. @return array */
	public function cron() {
		return defined( 'DISABLE_WP_CRON' ) && DISABLE_WP_CRON
			? $this->result( 'cron', 'recommended', __( 'OneFunders: WP-Cron is switched off', 'onefunders-analyze' ), __( 'Make sure that the system calls wp-cron.php every minute: jobs wait for it.', 'onefunders-analyze' ) )
			: $this->result( 'cron', 'good', __( 'OneFunders: jobs are run by WP-Cron', 'onefunders-analyze' ), '' );
	}

	/** Jobs that wait too long. @return array */
	public function stuck() {
		$count = $this->jobs->sweep( true )['stuck'];
		/* translators: %d: number of accounts. */
		$text = sprintf( _n( '%d account waits for more than an hour.', '%d accounts wait for more than an hour.', $count, 'onefunders-analyze' ), $count );
		return 0 === $count
			? $this->result( 'stuck', 'good', __( 'OneFunders: no job is stuck', 'onefunders-analyze' ), '' )
			: $this->result( 'stuck', 'recommended', __( 'OneFunders: jobs are stuck', 'onefunders-analyze' ), $text . ' ' . OneFunders_Words::code( $this->link->halted() ) );
	}

	/** Passwords in clear text. @return array */
	public function unsealed() {
		$count = $this->jobs->unsealed();
		/* translators: %d: number of orders. */
		$text = sprintf( _n( '%d recent account order holds a password in clear text.', '%d recent account orders hold a password in clear text.', $count, 'onefunders-analyze' ), $count );
		return 0 === $count
			? $this->result( 'unsealed', 'good', __( 'OneFunders: no password lies in clear text', 'onefunders-analyze' ), '' )
			: $this->result( 'unsealed', 'critical', __( 'OneFunders: passwords lie in clear text', 'onefunders-analyze' ), $text . ' ' . __( 'Your checkout writes them there before the order is paid; use the form in My Account instead.', 'onefunders-analyze' ) );
	}

	/**
	 * Debug information without secrets.
	 *
	 * @param array $information Information.
	 * @return array
	 */
	public function information( $information ) {
		$known  = $this->link->known();
		$report = get_option( OneFunders_Jobs::REPORT, array() );
		$values = array(
			'version'        => ONEFUNDERS_VERSION,
			'api'            => $this->settings->origin(),
			'key id'         => $this->settings->key_id(),
			'key'            => '' === $this->settings->secret() ? 'missing' : 'set',
			'credential key' => $this->settings->has_credential_key() ? 'set' : 'derived from the salts',
			'halted'         => $known['halted'],
			'clock skew'     => (string) $known['skew'],
			'last sweep'     => (string) wp_json_encode( $report ),
		);
		$fields = array();
		foreach ( $values as $label => $value ) {
			$fields[ $label ] = array(
				'label' => $label,
				'value' => $value,
			);
		}
		$information['onefunders'] = array(
			'label'  => 'OneFunders Analyze',
			'fields' => $fields,
		);
		return $information;
	}

	/**
	 * A result as Site Health wants it.
	 *
	 * @param string $name   Name.
	 * @param string $status good, recommended or critical.
	 * @param string $label  Headline.
	 * @param string $text   What to do.
	 * @return array
	 */
	private function result( $name, $status, $label, $text ) {
		return array(
			'label'       => $label,
			'status'      => $status,
			'badge'       => array(
				'label' => __( 'Security', 'onefunders-analyze' ),
				'color' => 'good' === $status ? 'blue' : 'red',
			),
			'description' => '<p>' . esc_html( $text ) . '</p>',
			'actions'     => '',
			'test'        => "onefunders_$name",
		);
	}
}
