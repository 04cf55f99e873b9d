"""Every formula, input and figure has its words in every language."""

import json
from pathlib import Path
from string import Formatter
from typing import Any

import pytest

import web
from actors.domain.explanation.explain import explain
from actors.domain.explanation.records import Explained, FormulaCode, InputName
from tests.unit.web.test_views import synced

WORDS: dict[str, dict[str, dict[str, str]]] = {
    path.stem: json.loads(path.read_text("utf-8"))
    for path in (Path(web.__file__).parent / "words").glob("*.json")
}


def explained() -> tuple[Explained, ...]:
    """All explanations of an account of the shipped two-step plan."""
    _, published = synced()
    return explain(published.core, published.stands, published.summary, published.standings)


def blanks(text: str) -> set[str]:
    """The names of the inputs that a wording shows."""
    return {name for _, name, _, _ in Formatter().parse(text) if name is not None}


def test_both_languages_are_there() -> None:
    """English and Persian."""
    assert set(WORDS) == {"en", "fa"}


@pytest.mark.parametrize("language", sorted(WORDS))
def test_every_code_has_words(language: str) -> None:
    """Formulas, inputs, the summary's figures and the rules' figures; none is empty or unused."""
    words = WORDS[language]
    assert set(words["formulas"]) == {code.value for code in FormulaCode}
    assert set(words["inputs"]) == {name.value for name in InputName}
    names = {one.figure for one in explained()}
    rules = {name.rpartition(".")[2] for name in names if name.startswith("rules.")}
    assert set(words["figures"]) == {name for name in names if not name.startswith("rules.")}
    assert set(words["rule_figures"]) >= rules
    assert all(text.strip() for part in words.values() for text in part.values())


def test_languages_show_the_same_inputs() -> None:
    """A wording may leave an input out, but not in one language only."""
    shown: dict[str, Any] = {
        language: {code: blanks(text) for code, text in words["formulas"].items()}
        for language, words in WORDS.items()
    }
    assert shown["en"] == shown["fa"]


def test_wordings_can_be_filled_in() -> None:
    """What a formula's words ask for is among the figure's inputs."""
    for one in explained():
        given = {each.name.value for each in one.inputs}
        assert blanks(WORDS["en"]["formulas"][one.formula]) <= given
