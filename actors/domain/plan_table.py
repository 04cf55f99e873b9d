"""A table of a plan document, read strictly: every refusal names file, field and allowed values."""

from collections.abc import Iterable, Mapping
from decimal import Decimal, DecimalException
from enum import StrEnum
from typing import Any, TypeVar
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from attrs import frozen

E = TypeVar("E", bound=StrEnum)


class PlanError(ValueError):
    """A plan document that is refused: says which file, which field, and what is allowed."""


@frozen
class Table:
    """One table of the document with where it stands, so that a refusal can name the field.

    ``canonical``: the stored document, whose decimals are text; a file's are numbers only.
    """

    source: str
    path: str
    fields: Mapping[str, Any]
    canonical: bool = False

    def refuse(self, key: str, why: str) -> PlanError:
        """The error for one field of this table."""
        return PlanError(f"{self.source}: {self.at(key)}: {why}")

    def at(self, key: str) -> str:
        """The path of a field within the document."""
        return f"{self.path}.{key}" if self.path else key

    def only(self, allowed: Iterable[str]) -> None:
        """Refuse any other field. Raises PlanError."""
        names = list(allowed)
        for key in self.fields:
            if key not in names:
                raise self.refuse(key, f"unknown field; allowed: {', '.join(names)}")

    def table(self, key: str, default: Mapping[str, Any] | None = None) -> "Table":
        """A table within this one. Raises PlanError."""
        value = self.fields.get(key, default)
        if not isinstance(value, Mapping):
            raise self.refuse(key, "must be a table")
        return Table(self.source, self.at(key), value, self.canonical)

    def tables(self, key: str) -> list["Table"]:
        """A list of tables, at least one. Raises PlanError."""
        value = self.fields.get(key)
        if not isinstance(value, list) or not value:
            raise self.refuse(key, "must be a list with at least one table")
        if not all(isinstance(item, Mapping) for item in value):
            raise self.refuse(key, "must hold tables only")
        return [
            Table(self.source, f"{self.at(key)}[{i}]", item, self.canonical)
            for i, item in enumerate(value)
        ]

    def text(self, key: str, default: str | None = None) -> str:
        """Text that is not blank. Raises PlanError."""
        value = self.fields.get(key, default)
        if not isinstance(value, str) or not value.strip():
            raise self.refuse(key, "must be text")
        return value

    def number(self, key: str, default: Decimal | None = None) -> Decimal:
        """A finite decimal. Raises PlanError."""
        value = self.fields.get(key, default)
        if isinstance(value, str) and self.canonical:
            value = self._decimal(key, value)
        if isinstance(value, bool) or not isinstance(value, int | Decimal):
            raise self.refuse(key, "must be a number")
        number = Decimal(value)
        if not number.is_finite():
            raise self.refuse(key, "must be a finite number")
        return number

    def _decimal(self, key: str, text: str) -> Decimal:
        try:
            return Decimal(text)
        except DecimalException as error:
            raise self.refuse(key, "must be a number") from error

    def whole(self, key: str, least: int, most: int, default: int | None = None) -> int:
        """A whole number within both bounds. Raises PlanError."""
        number = self.number(key, None if default is None else Decimal(default))
        if number != number.to_integral_value() or not least <= number <= most:
            raise self.refuse(key, f"{number}; allowed: a whole number from {least} to {most}")
        return int(number)

    def above_zero(self, key: str, most: int, decimals: int = 8) -> Decimal:
        """A number above 0 up to ``most``, with so many decimals at most. Raises PlanError."""
        number = self.number(key)
        if not 0 < number <= most:
            raise self.refuse(key, f"{number}; allowed: above 0 up to {most}")
        if number != round(number, decimals):
            raise self.refuse(key, f"{number}; allowed: at most {decimals} decimals")
        return number

    def flag(self, key: str) -> bool:
        """True or false; false where it is left out. Raises PlanError."""
        value = self.fields.get(key, False)
        if not isinstance(value, bool):
            raise self.refuse(key, "allowed: true or false")
        return value

    def choice(self, key: str, allowed: Iterable[E], default: E | None = None) -> E:
        """One of some words. Raises PlanError."""
        values = list(allowed)
        value = self.fields.get(key, default)
        for one in values:
            if value == one.value:
                return one
        names = ", ".join(one.value for one in values)
        raise self.refuse(key, f"{'missing' if value is None else repr(value)}; allowed: {names}")

    def zone(self, key: str, default: str | None = None) -> str:
        """A time zone: an IANA name, or ``server`` for the broker's clock. Raises PlanError."""
        zone = self.text(key, default)
        if zone == "server":
            return zone
        try:
            ZoneInfo(zone)
        except (ZoneInfoNotFoundError, ValueError, OSError) as error:
            raise self.refuse(key, f"{zone!r}; allowed: an IANA name, or server") from error
        return zone


def decimal_text(number: Decimal) -> str:
    """A decimal as text, the same for 5, 5.0 and 5.00."""
    return f"{number.normalize():f}"
