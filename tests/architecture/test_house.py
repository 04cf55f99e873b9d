"""The house keeps its shape: room sizes, names, docstrings, no registry addresses."""

import ast
import re
import statistics
from collections.abc import Iterator
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
PACKAGES = ("supervisor", "actors", "web", "storage")
BANNED_STEMS = {"utils", "util", "helpers", "helper", "manager", "managers", "common", "misc"}
SHADOWING_STEMS = {"signal", "logging", "http", "types"}


def sources(*packages: str) -> list[Path]:
    """Python files of the given top-level packages, migrations excepted."""
    return [
        path
        for package in packages
        for path in sorted((ROOT / package).rglob("*.py"))
        if "migrations" not in path.parts
    ]


def functions(path: Path) -> Iterator[ast.FunctionDef | ast.AsyncFunctionDef]:
    """Every function of a file, methods included."""
    for node in ast.walk(ast.parse(path.read_text("utf-8"))):
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef):
            yield node


def lines_of(path: Path) -> int:
    """Number of lines of a file."""
    return len(path.read_text("utf-8").splitlines())


@pytest.mark.parametrize("package", [*PACKAGES, "tests"])
def test_no_file_has_more_than_400_lines(package: str) -> None:
    """A file is a room: over 400 lines it must be split by noun."""
    too_long = {
        str(path.relative_to(ROOT)): lines_of(path)
        for path in sources(package)
        if lines_of(path) > 400
    }
    assert too_long == {}


def test_most_files_are_short() -> None:
    """The median product file has at most 120 lines."""
    sizes = [lines_of(path) for path in sources(*PACKAGES) if path.name != "__init__.py"]
    assert statistics.median(sizes) <= 120


def test_functions_are_short() -> None:
    """Function length: median at most 10 lines, nine of ten at most 35."""
    sizes = sorted(
        (node.end_lineno or node.lineno) - node.lineno + 1
        for path in sources(*PACKAGES)
        for node in functions(path)
    )
    assert statistics.median(sizes) <= 10
    assert sizes[int(len(sizes) * 0.9)] <= 35


def test_no_room_has_a_name_that_says_nothing() -> None:
    """No utils, manager, helper; nothing that shadows the standard library."""
    stems = {path.stem for path in sources(*PACKAGES, "tests")}
    assert stems & (BANNED_STEMS | SHADOWING_STEMS) == set()


@pytest.mark.parametrize("package", PACKAGES)
def test_every_module_says_what_it_is_for(package: str) -> None:
    """Each module begins with a docstring (empty package markers excepted)."""
    silent = [
        str(path.relative_to(ROOT))
        for path in sources(package)
        if path.read_text("utf-8").strip()
        and ast.get_docstring(ast.parse(path.read_text("utf-8"))) is None
    ]
    assert silent == []


def public_without_docstring(path: Path) -> list[str]:
    """Names of public top-level functions and classes, and public methods, without a docstring."""
    tree = ast.parse(path.read_text("utf-8"))
    found = []
    for node in tree.body:
        if not isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef | ast.ClassDef):
            continue
        if not node.name.startswith("_") and ast.get_docstring(node) is None:
            found.append(f"{path.relative_to(ROOT)}:{node.name}")
    return found


@pytest.mark.parametrize("package", PACKAGES)
def test_every_public_name_has_a_docstring(package: str) -> None:
    """Public functions and classes of the product state meaning, units and errors."""
    missing = [name for path in sources(package) for name in public_without_docstring(path)]
    assert missing == []


def test_every_test_states_a_behaviour() -> None:
    """Each test function has a docstring of one sentence."""
    silent = [
        f"{path.relative_to(ROOT)}:{node.name}"
        for path in sources("tests")
        for node in functions(path)
        if node.name.startswith("test_") and ast.get_docstring(node) is None
    ]
    assert silent == []


def test_lock_file_names_no_registry() -> None:
    """The lock holds names, versions and hashes, never an address."""
    text = (ROOT / "requirements.lock").read_text("utf-8")
    assert not re.search(r"https?://|index-url|find-links", text)


def test_configs_hold_no_python_package() -> None:
    """configs, frontend and wp-plugin are no Python packages."""
    markers = [
        str(path.relative_to(ROOT))
        for folder in ("configs", "frontend", "wp-plugin")
        for path in (ROOT / folder).rglob("__init__.py")
        if "node_modules" not in path.parts
    ]
    assert markers == []
