"""Codes of messages that are no refusals; clients translate them. Refusals: ``problems.Code``."""

from enum import StrEnum


class MessageCode(StrEnum):
    """How a command went."""

    DONE = "done"
    CONNECTED = "connected"
    CONNECTING = "connecting"


MESSAGES = {
    MessageCode.DONE: "Done.",
    MessageCode.CONNECTED: "The account is connected.",
    MessageCode.CONNECTING: "The account is connecting; look again in a minute.",
}
