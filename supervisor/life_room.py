"""Whole lives for readers, whoever tells them: a running actor, or storage."""

from attrs import evolve, frozen

from actors.domain.account import Status
from actors.domain.shown import as_published, as_stored
from actors.ports import Clock
from actors.registry import Registry
from storage.account_rows import AccountRows
from supervisor.stored_lives import StoredLives
from web.ports import ToldLife, View


@frozen
class LifeRoom:
    """Tells the life that a view belongs to. Every method may raise StoreUnavailable."""

    registry: Registry
    rows: AccountRows
    stored: StoredLives
    clock: Clock

    async def of(self, view: View) -> ToldLife:
        """The life that ``view`` shows. Raises Unavailable for a server without a known clock."""
        view = await self.current(view)
        if view.published is not None:
            return ToldLife(view, as_published(view.published), None)
        row = view.row
        core = await self.stored.state(row)
        shown = as_stored(core, row.summary, row.connection_state, self.clock.now())
        ended = row.instance.status is Status.DEACTIVATED
        return ToldLife(view, shown, row.instance.deactivated_at if ended else None)

    async def current(self, view: View) -> View:
        """An instance before a new password is told by the one that goes on with its life."""
        if view.published is not None:
            return view
        account = view.row.account
        life_id = view.row.instance.life_id
        ref = self.registry.account(account.account_id)
        published = ref.published if ref is not None and ref.alive else None
        if published is not None and published.life_id == life_id:
            return evolve(view, published=published)
        rows = await self.rows.instances(account.owner, account.account_id) or ()
        of_life = (row for row in rows if row.instance.life_id == life_id)
        return evolve(view, row=next(of_life, view.row))
