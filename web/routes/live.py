"""Live updates, as the route table knows them; ``web/live`` serves the socket itself."""

from web.limits import LimitClass
from web.live.door import LIVE_PATH
from web.problems import Code, Problem
from web.route import FIRST_MESSAGE, Answered, Call, Route


async def upgrade(_: Call) -> Answered:
    """A WebSocket: what is new about accounts, pushed. Polling stays the way to be correct.

    Each text frame is one JSON object of at most 64 KiB: LiveRequest from the client, LiveMessage
    from the server. Within 5 s the client sends `auth` with its token (never in the address),
    then `subscribe`; each account is answered by a `summary`, then read what you show over HTTP,
    and what happens after that is told here: at most four times a second and account, always the
    newest state. `auth_expiring` comes two minutes before the token ends: send `auth` again.
    After `resync` read everything again. The server pings every 20 s and drops who does not read.
    Eight sockets a user, twenty messages at once and then one a second.

    Close codes (LiveCloseCode): 1001 the server stops; 1009 a message over 64 KiB; 1011 an error
    of the server; 4400 not one of the messages; 4401 the token is refused, has ended or was
    revoked: come back with a fresh one; 4408 no `auth` within 5 s; 4429 too many sockets,
    messages or unknown accounts; 4503 the token cannot be checked now. After all others come back
    with the usual delay.
    """
    raise Problem(Code.UPGRADE_REQUIRED, headers={"upgrade": "websocket"})


ROUTES = (
    Route(
        method="GET",
        path=LIVE_PATH,
        title="Live updates (WebSocket)",
        policy=FIRST_MESSAGE,
        limit=LimitClass.LIVE,
        handler=upgrade,
        replies={101: None},
        refusals=(Code.UPGRADE_REQUIRED, Code.ORIGIN_REFUSED),
    ),
)
