"""A value that cannot print itself."""

from typing import Any, NoReturn


class Secret:
    """Holds secret bytes; every way of turning it into text gives ``Secret(***)``.

    ``reveal()`` is the only way in; it is easy to search for. Pickling is refused.
    """

    __slots__ = ("_value",)

    def __init__(self, value: bytes) -> None:
        self._value = value

    def reveal(self) -> bytes:
        """The bytes themselves, for the one place that needs them."""
        return self._value

    def __repr__(self) -> str:
        return "Secret(***)"

    __str__ = __repr__

    def __format__(self, spec: str) -> str:
        return "Secret(***)"

    def __eq__(self, other: object) -> bool:
        return isinstance(other, Secret) and self._value == other._value

    def __hash__(self) -> int:
        return hash(self._value)

    def __reduce__(self) -> NoReturn:
        raise TypeError("a Secret cannot be pickled")

    def __deepcopy__(self, memo: Any) -> "Secret":
        return self


class WeakSecret(ValueError):
    """A secret that is too short, or a placeholder that somebody forgot to replace."""


_PLACEHOLDERS = (b"change", b"secret", b"placeholder", b"example", b"password", b"todo", b"xxxx")
_MINIMUM_BYTES = 32


def strong_secret(value: bytes, name: str) -> Secret:
    """Return ``value`` as a Secret, or raise WeakSecret that names the setting, not the value."""
    text = value.strip()
    if len(text) < _MINIMUM_BYTES:
        raise WeakSecret(f"{name}: needs at least {_MINIMUM_BYTES} random bytes, has {len(text)}")
    lowered = text.lower()
    if any(word in lowered for word in _PLACEHOLDERS) or len(set(text)) < 8:
        raise WeakSecret(f"{name}: looks like a placeholder; run `onefunders keys generate`")
    return Secret(text)
