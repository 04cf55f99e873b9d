"""From a route's policy to the guards: who calls, or the problem that ends the request."""

from ipaddress import ip_address
from urllib.parse import urlsplit

from attrs import frozen
from quart import Request

from web.asgi import header_values, on_admin_port
from web.auth.guards import SignatureGuard, TokenGuard
from web.auth.signature import SIGNATURE_HEADER
from web.deps import Deps
from web.limits import CountedBy, LimitClass, RateGate
from web.ports import Caller, Principal
from web.problems import Code, Problem
from web.route import Route, Who

_SIGNATURE = SIGNATURE_HEADER.encode()
_FORWARDED = (b"x-forwarded-for", b"forwarded", b"x-real-ip")


@frozen
class Guards:
    """All guards of one application."""

    gate: RateGate
    signatures: SignatureGuard
    tokens: TokenGuard

    async def identify(
        self, route: Route, request: Request, path: dict[str, str]
    ) -> tuple[Principal | None, Caller | None]:
        """Apply the route's policy and limit. Raises Problem."""
        match route.policy.who:
            case Who.S2S:
                scope = route.policy.scope or ""
                return None, await self.signatures.caller(request, route.limit, scope)
            case Who.OPS:
                return None, await self.signatures.operator(request, route.limit)
            case Who.USER | Who.USER_CHANGE:
                return await self._reader(route, request, path), None
            case Who.PUBLIC_OR_OPS:
                if on_admin_port(request.scope) or header_values(request.scope, _SIGNATURE):
                    return None, await self.signatures.operator(request, route.limit)
                await self.gate.enter_anonymous(request.scope, route.limit)
            case Who.LOOPBACK:
                if not _from_this_machine(request):
                    raise Problem(Code.NOT_FOUND)
                await self.gate.enter_anonymous(request.scope, route.limit)
            case Who.PUBLIC | Who.FIRST_MESSAGE:
                await self.gate.enter_anonymous(request.scope, route.limit)
        return None, None

    async def _reader(self, route: Route, request: Request, path: dict[str, str]) -> Principal:
        per_account = self.gate.limits[route.limit].counted_by is CountedBy.ACCOUNT
        subject = path.get("account_id", "").lower() if per_account else ""
        changes = route.policy.who is Who.USER_CHANGE
        return await self.tokens.principal(request, route.limit, changes=changes, subject=subject)

    async def count_unrouted(self, request: Request) -> None:
        """Count a request that no route takes. Raises Problem 429."""
        await self.gate.enter_anonymous(request.scope, LimitClass.ANONYMOUS)


def guards_of(deps: Deps) -> Guards:
    """The guards over the given ports."""
    gate = RateGate(deps.limiter, deps.limits, deps.trusted_hops)
    return Guards(
        gate=gate,
        signatures=SignatureGuard(deps.ring, deps.audiences, deps.nonces, gate, deps.clock),
        tokens=TokenGuard(deps.tokens, deps.users, gate),
    )


def _from_this_machine(request: Request) -> bool:
    """Straight from a loopback address, under a loopback name, through no proxy."""
    scope = request.scope
    if any(header_values(scope, name) for name in _FORWARDED):
        return False
    hosts = header_values(scope, b"host")
    peer = (scope.get("client") or ("", 0))[0]
    return (
        len(hosts) == 1 and _is_loopback(urlsplit(f"//{hosts[0]}").hostname) and _is_loopback(peer)
    )


def _is_loopback(name: str | None) -> bool:
    if name == "localhost":
        return True
    try:
        return ip_address(name or "").is_loopback
    except ValueError:
        return False
