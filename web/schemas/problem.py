"""The problem document, as the OpenAPI document describes it (``problems.py`` writes it)."""

from typing import Literal

from web.problems import Code, FieldCode
from web.schemas.base import Reply


class ProblemField(Reply, frozen=True, kw_only=True):
    """One refused field."""

    field: str
    code: FieldCode
    detail: str | None = None


class ProblemDocument(Reply, frozen=True, kw_only=True):
    """RFC 9457. ``code`` is from the enum of message codes; clients translate it."""

    type: str
    title: str
    status: int
    detail: str
    code: Code
    request_id: str
    errors: list[ProblemField]


class ConnectProblem(ProblemDocument, frozen=True, kw_only=True):
    """A refused connect also carries the seed's fields."""

    success: Literal[False]
    message: str
