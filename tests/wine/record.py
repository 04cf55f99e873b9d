"""Runs inside Windows Python: prints what the real MetaTrader5 package consists of, as JSON.

``recorded.json`` of the fake is this, one entry a line. Standard library and the package only.
"""

import json
import sys
from typing import Any


def record(package: Any) -> dict[str, Any]:
    """Constants, the first line of each function's text, and each struct's fields in order."""
    members = vars(package)
    return {
        "made_from": f"MetaTrader5 {package.__version__}, CPython "
        f"{sys.version_info[0]}.{sys.version_info[1]} for Windows, by tests/wine/record.py",
        "constants": {k: v for k, v in members.items() if k.isupper() and isinstance(v, int)},
        "functions": {
            name: value.__doc__.splitlines()[0].strip()
            for name, value in members.items()
            if type(value).__name__ == "builtin_function_or_method"
        },
        "structs": {
            name: list(vars(value)["__match_args__"])
            for name, value in vars(package._core).items()
            if isinstance(value, type)
        },
    }


def as_lines(document: dict[str, Any]) -> str:
    """The document with one entry a line, so that a new version of the package is a short diff."""
    sections = ["constants", "functions", "structs"]
    parts = [f' "made_from": {json.dumps(document["made_from"])}']
    for section in sections:
        entries = [
            f"  {json.dumps(name)}: {json.dumps(value)}"
            for name, value in document[section].items()
        ]
        parts.append(f' "{section}": {{\n' + ",\n".join(entries) + "\n }")
    return "{\n" + ",\n".join(parts) + "\n}\n"


if __name__ == "__main__":
    import MetaTrader5  # type: ignore[import-not-found]  # Windows only

    sys.stdout.write(as_lines(record(MetaTrader5)))
