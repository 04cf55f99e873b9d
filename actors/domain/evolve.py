"""``evolve``: a frozen value with some fields changed, at less than half the library's cost.

A sync evolves some twenty values of up to forty fields; the library reads each field's definition
anew, which is a tenth of a sync's CPU (``tests/bench/step.py``). Type checkers see the library's.
"""

from collections.abc import Callable
from operator import attrgetter
from typing import TYPE_CHECKING, Any

import attrs

if TYPE_CHECKING:
    from attrs import evolve as evolve
else:
    _plans: dict[type, tuple[Callable[[Any], tuple[Any, ...]], dict[str, int]]] = {}

    def evolve(instance, /, **changes):
        """Return a copy of an attrs value with ``changes``. TypeError for an unknown field."""
        cls = instance.__class__
        getter, places = _plans.get(cls) or _plan(cls)
        values = list(getter(instance))
        for name, value in changes.items():
            if name not in places:
                raise TypeError(f"{cls.__name__} has no field {name!r}")
            values[places[name]] = value
        return cls(*values)

    def _plan(cls):
        """How to read all fields at once, and each one's place among the arguments."""
        fields = attrs.fields(cls)
        names = [field.name for field in fields]
        if any(not each.init or each.kw_only or each.alias != each.name for each in fields):
            raise TypeError(f"{cls.__name__}: evolve needs plain positional fields")
        many = attrgetter(*names) if len(names) > 1 else None
        getter = many or (lambda instance: (getattr(instance, names[0]),))
        _plans[cls] = plan = (getter, {name: place for place, name in enumerate(names)})
        return plan
