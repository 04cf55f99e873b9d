"""Faults of the world outside, as the actor understands them (MT5 3, error classes)."""

from enum import StrEnum


class BrokerFault(StrEnum):
    """Error classes of the bridge protocol; ``actors/behaviour.py`` maps each to a state."""

    BAD_CREDENTIALS = "bad_credentials"
    MASTER_PASSWORD = "master_password"
    UNKNOWN_SERVER = "unknown_server"
    ACCOUNT_DISABLED = "account_disabled"
    OTP_REQUIRED = "otp_required"
    API_DISABLED = "api_disabled"
    WRONG_ACCOUNT = "wrong_account"
    NO_CONNECTION = "no_connection"
    TIMEOUT = "timeout"
    TERMINAL_DEAD = "terminal_dead"
    VERSION_MISMATCH = "version_mismatch"
    HISTORY_LOADING = "history_loading"
    BUSY = "busy"
    INTERNAL = "internal"


class BrokerError(Exception):
    """An operation at the bridge failed with a known class. Holds no credential, no raw text.

    ``code`` names the cause where the class is coarser: an error code of ours, never a text.
    """

    def __init__(
        self,
        fault: BrokerFault,
        *,
        retry_after_seconds: float | None = None,
        code: str | None = None,
    ) -> None:
        super().__init__(code or fault.value)
        self.fault = fault
        self.retry_after_seconds = retry_after_seconds
        self.code = code


class ProtocolViolation(Exception):
    """The bridge sent bytes that the protocol does not allow; the stream must be dropped."""


class ActorDead(Exception):
    """The actor ended before it answered."""


class MailboxFull(Exception):
    """The actor's bounded mailbox is full; the web layer answers 503."""
