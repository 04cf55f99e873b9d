"""Why an account is in its condition: every code that an actor or its supervisor may give."""

from enum import StrEnum


class FaultCode(StrEnum):
    """Error classes of the bridge protocol (MT5 3), and what we found out ourselves.

    The first group has the names of ``actors.errors.BrokerFault``. Clients word each of them.
    """

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

    BRIDGE_LOST = "bridge_lost"
    """The stream to the bridge was lost, and the session with it."""
    NO_BRIDGE = "no_bridge"
    """No bridge that may read this account can be reached."""
    NO_BRIDGE_FOR_SERVER = "no_bridge_for_server"
    """No configured bridge is meant for this account's server."""
    PROTOCOL_VIOLATION = "protocol_violation"
    """The bridge answered what the protocol does not allow."""
    SERVER_UNAVAILABLE = "server_unavailable"
    """The breaker of the broker's server lets nothing pass."""
    CREDENTIALS_MISSING = "credentials_missing"
    """The password was erased."""
    CRASHED = "crashed"
    """The actor crashed too often and is in quarantine."""
    SERVER_CLOCK_DIFFERS = "server_clock_differs"
    """The broker's clock is not the one that we take it for; no daily verdict is given."""
    INITIAL_BALANCE_MISMATCH = "initial_balance_mismatch"
    """The deposits differ from the ordered initial balance."""
