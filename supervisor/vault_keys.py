"""The vault as the settings describe it."""

from storage.vault import Vault
from supervisor.secret import Secret
from supervisor.settings import Settings, SettingsError


def open_vault(settings: Settings) -> Vault:
    """Return the vault with all configured keys. Raises SettingsError, VaultError on weak keys."""
    return Vault(
        {key.key_id: _key_bytes(key.secret) for key in settings.vault_keys},
        settings.vault_key_id,
        _key_bytes(settings.pepper),
    )


def _key_bytes(secret: Secret) -> bytes:
    """A vault key: 64 hexadecimal digits in the file, 32 bytes in use."""
    try:
        return bytes.fromhex(secret.reveal().decode())
    except ValueError as error:
        raise SettingsError(["vault keys are 64 hexadecimal digits"]) from error
