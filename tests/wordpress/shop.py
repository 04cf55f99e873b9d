"""Customers, products and orders of a site under tests."""

import json
import secrets
from base64 import b64encode
from typing import Any

from attrs import evolve, frozen

from actors.mt5.simulator.broker import SimulatedBroker
from actors.mt5.simulator.scenarios import add_account
from tests.stage import SharedStage
from tests.wordpress.site import Site

PLAN, SERVER = "two-step-classic", "Simulated-1"


def open_account(stage: SharedStage, login: str, password: str) -> None:
    """Open an account with this investor password at the simulated broker."""

    def opened(broker: SimulatedBroker) -> None:
        add_account(broker, "calm", login=login, server=SERVER)
        account = broker.account(login)
        account.recipe = evolve(account.recipe, investor_password=password)

    stage.do_at_broker(opened)


def fresh_login() -> str:
    """A login that no other test uses."""
    return str(10_000_000 + secrets.randbelow(80_000_000))


@frozen
class Order:
    """An order of one account."""

    site: Site
    order_id: int
    item_id: int

    def meta(self) -> dict[str, str]:
        """Our meta data of the item, without prefix."""
        found: dict[str, str] = self.site.run(
            f"$m = []; foreach (wc_get_order({self.order_id})->get_items()[{self.item_id}]"
            "->get_meta_data() as $row) { if (0 === strpos($row->key, '_onefunders_'))"
            " { $m[substr($row->key, 12)] = $row->value; } } return (object) $m;"
        )
        return found

    def status(self, to: str) -> None:
        """Change the order's status."""
        self.site.run(f"wc_get_order({self.order_id})->update_status('{to}'); return null;")

    def notes(self) -> str:
        """All notes of the order."""
        return "\n".join(
            self.site.run(
                f"return wp_list_pluck(wc_get_order_notes(['order_id' => {self.order_id},"
                " 'order' => 'ASC']), 'content');"
            )
        )


def make_customer(site: Site, name: str, role: str = "customer") -> int:
    """A user with a role; password and name are the same."""
    return int(
        site.run(
            f"return wp_insert_user(['user_login' => '{name}', 'user_pass' => '{name}',"
            f" 'user_email' => '{name}@example.com', 'role' => '{role}']);"
        )
    )


def make_order(site: Site, user: int, fields: dict[str, Any], plan: str = PLAN) -> Order:
    """An unpaid order of one product with a plan; ``fields`` are meta data of its item."""
    packed = b64encode(json.dumps(fields).encode()).decode()
    order_id, item_id = site.run(
        "$p = new WC_Product(); $p->set_name('Challenge');"
        f"$p->update_meta_data('_onefunders_plan', '{plan}'); $p->save();"
        f"$o = new WC_Order(); $o->set_customer_id({user}); $o->add_product($p);"
        f"$f = json_decode(base64_decode('{packed}'), true);"
        "foreach ($o->get_items() as $i) { foreach ($f as $k => $v)"
        " { $i->update_meta_data('_onefunders_' . $k, $v); } } $o->save();"
        "return [$o->get_id(), array_keys($o->get_items())[0]];"
    )
    return Order(site, order_id, item_id)
