"""The committed API document is what the code says."""

import json
from pathlib import Path

import web
from web.openapi import document
from web.route_table import ROUTES

COMMITTED = Path(web.__file__).parent / "openapi.json"


def test_the_committed_document_is_fresh() -> None:
    """web/openapi.json equals the generator's output; `make openapi` writes it anew."""
    assert json.loads(COMMITTED.read_text("utf-8")) == json.loads(json.dumps(document()))


def test_every_route_is_described_with_its_refusals() -> None:
    """Each operation is there, with an answer for success and for each refusal."""
    paths = json.loads(COMMITTED.read_text("utf-8"))["paths"]
    for route in ROUTES:
        if route.in_demo_only:
            continue
        operation = paths[route.path][route.method.lower()]
        assert any(status.startswith("2") or status == "101" for status in operation["responses"])
        assert "429" in operation["responses"]


def test_no_reference_dangles() -> None:
    """Every $ref points to something in the document."""
    text = COMMITTED.read_text("utf-8")
    whole = json.loads(text)
    names = {part.split('"')[0] for part in text.split('"$ref": "#/')[1:]}
    for name in names:
        node = whole
        for step in name.split("/"):
            node = node[step]


def test_live_messages_are_unions_told_apart_by_their_type() -> None:
    """A client generates its types from them: every kind has its own word in ``type``."""
    schemas = json.loads(COMMITTED.read_text("utf-8"))["components"]["schemas"]
    for union in ("LiveMessage", "LiveRequest"):
        kinds = schemas[union]["discriminator"]["mapping"]
        assert len(kinds) == len(schemas[union]["anyOf"])
        for word, reference in kinds.items():
            kind = schemas[reference.rpartition("/")[2]]
            assert kind["properties"]["type"]["enum"] == [word]
            assert "type" in kind["required"]
