<?php
/**
 * My Account, Trading dashboard. A theme may override it as woocommerce/my-account/dashboard.php
 * below its folder onefunders-analyze.
 *
 * @package OneFunders
 * @var array  $forms     Accounts with their forms.
 * @var string $notice    How the last form went.
 * @var bool   $available Whether the dashboard can be shown.
 */

defined( 'ABSPATH' ) || exit;

if ( '' !== $notice ) {
	echo '<div class="woocommerce-info" role="status">' . esc_html( $notice ) . '</div>';
}
?>
<section id="onefunders-credentials">
<?php foreach ( $forms as $form ) : ?>
	<?php $name = 'onefunders-' . $form['order_id'] . '-' . $form['item_id']; ?>
	<details <?php echo $form['asks_all'] ? 'open' : ''; ?>>
		<summary>
			<bdi dir="ltr"><?php echo esc_html( '' === $form['login'] ? '#' . $form['order_id'] : $form['login'] ); ?></bdi>
			<?php echo esc_html( $form['words'] ); ?>
		</summary>
		<?php if ( ! $form['is_hidden'] ) : ?>
		<form method="post" autocomplete="off">
			<input type="hidden" name="<?php echo esc_attr( OneFunders_Credentials_Form::FIELD ); ?>" value="<?php echo esc_attr( $form['nonce'] ); ?>" />
			<input type="hidden" name="order_id" value="<?php echo esc_attr( (string) $form['order_id'] ); ?>" />
			<input type="hidden" name="item_id" value="<?php echo esc_attr( (string) $form['item_id'] ); ?>" />
			<?php if ( $form['asks_all'] ) : ?>
			<p class="form-row">
				<label for="<?php echo esc_attr( $name ); ?>-login"><?php esc_html_e( 'Login', 'onefunders-analyze' ); ?></label>
				<input class="input-text" dir="ltr" inputmode="numeric" id="<?php echo esc_attr( $name ); ?>-login" name="login" value="<?php echo esc_attr( $form['login'] ); ?>" maxlength="19" required />
			</p>
			<p class="form-row">
				<label for="<?php echo esc_attr( $name ); ?>-server"><?php esc_html_e( 'Server', 'onefunders-analyze' ); ?></label>
				<input class="input-text" dir="ltr" id="<?php echo esc_attr( $name ); ?>-server" name="server" value="<?php echo esc_attr( $form['server'] ); ?>" maxlength="64" required />
			</p>
			<?php endif; ?>
			<p class="form-row">
				<label for="<?php echo esc_attr( $name ); ?>-pass"><?php esc_html_e( 'Investor (read-only) password', 'onefunders-analyze' ); ?></label>
				<input class="input-text" dir="ltr" type="password" id="<?php echo esc_attr( $name ); ?>-pass" name="investor_pass" maxlength="64" autocomplete="off" required />
			</p>
			<button type="submit" class="button"><?php echo esc_html( $form['asks_all'] ? __( 'Connect', 'onefunders-analyze' ) : __( 'Change the password', 'onefunders-analyze' ) ); ?></button>
		</form>
		<?php endif; ?>
	</details>
<?php endforeach; ?>
</section>
<?php if ( $available ) : ?>
<div id="onefunders-root"></div>
<noscript><p><?php esc_html_e( 'The dashboard needs JavaScript. Please switch it on.', 'onefunders-analyze' ); ?></p></noscript>
<?php else : ?>
<p class="woocommerce-info"><?php esc_html_e( 'The dashboard is temporarily unavailable. Your account goes on being watched; please come back later.', 'onefunders-analyze' ); ?></p>
	<?php
endif;
