"""What the answer of a command means to a client."""

from typing import TypeVar

from web.ports import Answer, CommandResult
from web.problems import Code, FieldError, Problem
from web.route import Answered
from web.schemas.base import invalid
from web.schemas.forms import Refused
from web.schemas.messages import MESSAGES, MessageCode
from web.schemas.staff import CommandReply

T = TypeVar("T")

WENT_WELL = {
    Answer.DONE: MessageCode.DONE,
    Answer.CONNECTED: MessageCode.CONNECTED,
    Answer.CONNECTING: MessageCode.CONNECTING,
}
REFUSED = {
    Answer.NOT_FOUND: Code.NOT_FOUND,
    Answer.OWNED_BY_OTHER: Code.OWNED_BY_OTHER,
    Answer.BAD_CREDENTIALS: Code.BAD_CREDENTIALS,
    Answer.MASTER_PASSWORD: Code.MASTER_PASSWORD,
    Answer.UNKNOWN_SERVER: Code.UNKNOWN_SERVER,
    Answer.UNKNOWN_PLAN: Code.UNKNOWN_PLAN,
    Answer.NEEDS_OPERATOR: Code.NEEDS_OPERATOR,
    Answer.LOCKED: Code.LOCKED,
    Answer.INVALID: Code.INVALID,
    Answer.IDEMPOTENCY_MISMATCH: Code.IDEMPOTENCY_MISMATCH,
    Answer.IDEMPOTENCY_RUNNING: Code.IDEMPOTENCY_RUNNING,
    Answer.MAILBOX_FULL: Code.MAILBOX_FULL,
    Answer.UNAVAILABLE: Code.UNAVAILABLE,
}
BUSY = (Code.MAILBOX_FULL, Code.UNAVAILABLE)
REPEATED = (Code.IDEMPOTENCY_MISMATCH, Code.IDEMPOTENCY_RUNNING)
LOGIN_REFUSED = (
    Code.BAD_CREDENTIALS,
    Code.MASTER_PASSWORD,
    Code.UNKNOWN_SERVER,
    Code.NEEDS_OPERATOR,
    Code.LOCKED,
)


def went_well(result: CommandResult) -> MessageCode:
    """The code of a command that was carried out or is under way. Raises Problem otherwise.

    The result's detail is for logs and audit; clients get the fixed texts.
    """
    code = WENT_WELL.get(result.answer)
    if code is not None:
        return code
    refused = REFUSED[result.answer]
    headers = {"retry-after": "5"} if refused in (*BUSY, Code.IDEMPOTENCY_RUNNING) else {}
    raise Problem(refused, headers=headers)


def told(result: CommandResult) -> Answered:
    """200 for done, 202 for under way. Raises Problem."""
    code = went_well(result)
    reply = CommandReply(
        success=True,
        code=code,
        message=MESSAGES[code],
        account_id=result.account_id,
        rev=result.rev,
    )
    return Answered(reply, 202 if code is MessageCode.CONNECTING else 200)


def found(value: T | None) -> T:
    """The value. Raises Problem 404 for None: what is not yours does not exist."""
    if value is None:
        raise Problem(Code.NOT_FOUND)
    return value


def refuse_all(refused: list[Refused]) -> None:
    """Raises Problem 422 that names every refused field, if there is one."""
    errors: list[FieldError] = [one.error for one in refused]
    if errors:
        raise invalid(*errors)
