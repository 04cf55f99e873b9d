"""Every route of the server, once. The application, the OpenAPI document, the authorisation
matrix and the header snapshot are all made from this table."""

from web.route import Route
from web.routes import (
    accounts,
    auth,
    connect,
    dashboard,
    docs,
    explanation,
    exports,
    health,
    live,
    rules,
    staff,
    statistics,
    supervisor,
    trading,
    users,
)

GROUPS: tuple[tuple[str, tuple[Route, ...]], ...] = (
    ("connect", connect.ROUTES),
    ("tokens", auth.ROUTES),
    ("accounts", accounts.ROUTES),
    ("trading", trading.ROUTES),
    ("exports", exports.ROUTES),
    ("statistics", statistics.ROUTES),
    ("rules", rules.ROUTES),
    ("explanation", explanation.ROUTES),
    ("live", live.ROUTES),
    ("staff", staff.ROUTES),
    ("users", users.ROUTES),
    ("health", health.ROUTES),
    ("supervisor", supervisor.ROUTES),
    ("documentation", docs.ROUTES),
    ("dashboard", dashboard.ROUTES),
)

ROUTES: tuple[Route, ...] = tuple(route for _, routes in GROUPS for route in routes)
