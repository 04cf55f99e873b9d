"""Problem documents: one table, no foreign words."""

import json
import traceback

import pytest

from web.problems import PROBLEMS, Code, FieldCode, FieldError, Problem, rate_limited, unavailable


def test_every_code_has_a_kind_and_renders() -> None:
    """Each code has status, title and text, and its document carries the contract's members."""
    assert set(PROBLEMS) == set(Code)
    for code, kind in PROBLEMS.items():
        rendered = Problem(code).render("rid-1")
        document = json.loads(rendered.body)
        assert {"type", "title", "status", "detail", "request_id", "errors"} <= document.keys()
        assert document["type"] == f"urn:onefunders:problem:{code.value}"
        assert (rendered.status, document["status"]) == (kind.status, kind.status)
        assert rendered.headers["content-type"] == "application/problem+json"
        assert rendered.headers["cache-control"] == "no-store"


def test_nothing_but_owned_by_other_is_a_409() -> None:
    """CONTRACT: nothing else is 409."""
    assert [code for code, kind in PROBLEMS.items() if kind.status == 409] == [Code.OWNED_BY_OTHER]


def test_fields_and_headers_are_shown() -> None:
    """Field errors name the client's fields; connect adds success and message."""
    problem = Problem(
        Code.INVALID,
        errors=(FieldError("login", FieldCode.MISSING), FieldError("x", FieldCode.RANGE, "≤ 9")),
        headers={"x-extra": "1"},
    )
    rendered = problem.render("rid", tells_success=True)
    document = json.loads(rendered.body)
    assert document["errors"] == [
        {"field": "login", "code": "missing"},
        {"field": "x", "code": "range", "detail": "≤ 9"},
    ]
    assert (document["success"], document["message"]) == (False, "Some fields are not valid.")
    assert rendered.headers["x-extra"] == "1"


def test_the_cause_of_a_problem_never_shows() -> None:
    """A problem raised from an error with a secret in it renders without it."""
    with pytest.raises(Problem) as raised:
        _fail_with("canary-secret")
    assert "canary-secret" in "".join(traceback.format_exception(raised.value))
    assert b"canary" not in raised.value.render("rid").body


def _fail_with(secret: str) -> None:
    try:
        raise RuntimeError(secret)
    except RuntimeError as error:
        raise Problem(Code.INTERNAL) from error


def test_retry_after_is_whole_and_at_least_one() -> None:
    """Seconds are rounded up; zero would invite a client at once."""
    waits = {wait: rate_limited(wait).headers["retry-after"] for wait in (0.0, 0.1, 1.0, 1.2)}
    assert waits == {0.0: "1", 0.1: "1", 1.0: "1", 1.2: "2"}
    assert unavailable().status == 503
