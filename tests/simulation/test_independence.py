"""The oracle shares no code with the product, so that one mistake cannot hide in both."""

import ast
from pathlib import Path

ORACLE = Path(__file__).with_name("oracle")
ALLOWED = {
    "attrs",
    "numpy",
    "collections",
    "datetime",
    "functools",
    "itertools",
    "pathlib",
    "typing",
}


def imports(path: Path) -> set[str]:
    """Every module that a file names in an import."""
    found: set[str] = set()
    for node in ast.walk(ast.parse(path.read_text("utf-8"))):
        if isinstance(node, ast.Import):
            found |= {alias.name for alias in node.names}
        elif isinstance(node, ast.ImportFrom):
            found.add("." * node.level + (node.module or ""))
    return found


def test_the_oracle_imports_nothing_of_the_product() -> None:
    """Its modules name the standard library's basics, attrs, numpy and each other only."""
    files = sorted(ORACLE.rglob("*.py"))
    strangers = {
        f"{path.name}: {name}"
        for path in files
        for name in imports(path)
        if name.split(".")[0] not in ALLOWED and not name.startswith("tests.simulation.oracle")
    }
    assert len(files) > 1
    assert strangers == set()
