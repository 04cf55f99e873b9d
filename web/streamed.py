"""Bodies that are sent part by part, for as long as the client takes them."""

from collections.abc import AsyncIterator, Mapping
from contextlib import AbstractAsyncContextManager
from types import TracebackType
from typing import cast

from quart import Response
from quart.wrappers.response import ResponseBody
from quart_trio import QuartTrio

from web.export_port import Body


class _Streamed(ResponseBody):
    """Opens the body when its sending begins and leaves it with whatever ended the sending."""

    def __init__(self, body: Body) -> None:
        self._body = body
        self._opened: AbstractAsyncContextManager[AsyncIterator[bytes]] | None = None

    async def __aenter__(self) -> AsyncIterator[bytes]:
        self._opened = self._body()
        return await self._opened.__aenter__()

    async def __aexit__(
        self,
        exc_type: type[BaseException] | None,
        exc_value: BaseException | None,
        tb: TracebackType | None,
    ) -> None:
        if self._opened is not None:
            await self._opened.__aexit__(exc_type, exc_value, tb)


def streamed(app: QuartTrio, body: Body, status: int, headers: Mapping[str, str]) -> Response:
    """A response without a time limit of its own; an exception on the way cuts the connection."""
    response = cast(Response, app.response_class(_Streamed(body), status, dict(headers)))
    response.timeout = None
    return response
