"""Holding answers against the OpenAPI document that describes them."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime
from typing import Any

from werkzeug.test import TestResponse

TYPES: dict[str, tuple[type, ...]] = {
    "object": (dict,),
    "array": (list,),
    "string": (str,),
    "integer": (int,),
    "boolean": (bool,),
    "null": (type(None),),
}
UNDERSTOOD = {
    *("$ref", "type", "format", "items", "properties", "required", "additionalProperties"),
    *("description", "enum", "minLength"),
}
"""The words of JSON Schema that `faults` can hold an answer against, and those that ask nothing."""

Document = dict[str, Any]


def resolved(part: Document, document: Document) -> Document:
    """Follow a reference inside the document; KeyError when it leads nowhere."""
    while "$ref" in part:
        found: Any = document
        for step in part["$ref"].removeprefix("#/").split("/"):
            found = found[step]
        part = found
    return part


def faults(value: Any, schema: Document, document: Document, where: str = "$") -> Iterator[str]:
    """Name everything in a value that its schema does not allow."""
    schema = resolved(schema, document)
    assert schema.keys() <= UNDERSTOOD, f"{where}: {schema.keys() - UNDERSTOOD}"
    named = schema.get("type", list(TYPES))
    allowed = [
        kind for name in ([named] if isinstance(named, str) else named) for kind in TYPES[name]
    ]
    if type(value) not in allowed or value not in schema.get("enum", [value]):
        yield f"{where} is {value!r}"
    elif isinstance(value, dict):
        yield from _faults_of_object(value, schema, document, where)
    elif isinstance(value, list):
        for number, item in enumerate(value):
            yield from faults(item, schema.get("items", {}), document, f"{where}[{number}]")
    elif schema.get("format") == "date-time" and value is not None and not _has_offset(value):
        yield f"{where} is {value!r}, without an offset"


def _faults_of_object(
    value: Document, schema: Document, document: Document, where: str
) -> Iterator[str]:
    properties, further = schema.get("properties", {}), schema.get("additionalProperties", {})
    yield from (f"{where} lacks {name}" for name in schema.get("required", ()) if name not in value)
    for name, inner in value.items():
        inside = properties.get(name, further)
        if inside is False:
            yield f"{where} has {name}"
        else:
            yield from faults(inner, inside, document, f"{where}.{name}")


def _has_offset(text: str) -> bool:
    return datetime.fromisoformat(text).tzinfo is not None


def faults_of(answer: TestResponse, operation: Document, document: Document) -> list[str]:
    """Name everything in an answer that the document does not say of this operation."""
    responses = operation["responses"]
    described = resolved(responses.get(str(answer.status_code), responses["default"]), document)
    content = described["content"]
    if answer.mimetype not in content:
        return [f"{answer.mimetype} and not {list(content)}"]
    return list(faults(answer.get_json(), content[answer.mimetype]["schema"], document))
