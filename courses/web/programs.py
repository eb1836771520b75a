"""The page for those who write programs: what the API takes and gives, made of its document."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from flask import current_app, render_template, url_for

from academy.access import public
from academy.tokens.operations import API_PREFIX
from academy.web.api import document
from academy.web.idempotency import HEADER
from academy.web.pages import absolute
from courses.web.blueprint import bp

METHODS = ("get", "post", "put", "delete")


@bp.get("/api")
@public
def programs() -> str:
    """Describe the API."""
    spec = document()
    return render_template(
        "courses/programs.html",
        base=absolute("/api/v1"),
        document_url=url_for("api-docs.openapi_json"),
        tokens_url=url_for("accounts.api_tokens"),
        key_header=HEADER,
        header=f"Authorization: Bearer {API_PREFIX}…",
        groups=_groups(spec),
    )


def _groups(spec: Mapping[str, Any]) -> list[dict[str, Any]]:
    described = {tag["name"]: tag.get("description", "") for tag in spec["tags"]}
    groups: dict[str, list[dict[str, Any]]] = {name: [] for name in described}
    for path, operations in spec["paths"].items():
        shared = operations.get("parameters", [])
        for method in METHODS:
            if method in operations:
                told = operations[method]
                groups[told["tags"][0]].append(_operation(path, method, told, shared, spec))
    return [{"heading": described[name], "operations": found} for name, found in groups.items()]


def _operation(
    path: str, method: str, told: Mapping[str, Any], shared: list[Any], spec: Mapping[str, Any]
) -> dict[str, Any]:
    parameters = [_resolved(one, spec) for one in (*shared, *told.get("parameters", []))]
    return {
        "id": f"{method}{path.replace('/', '-').replace('{', '').replace('}', '')}",
        "method": method.upper(),
        "path": path,
        "summary": told.get("summary", ""),
        "scope": _scope(path, method),
        "parameters": [
            {
                "name": one["name"],
                "told": one.get("description") or one["schema"].get("description", ""),
                "required": one.get("required", False),
            }
            for one in parameters
        ],
        "body": _fields(told.get("requestBody", {}), spec),
        "answers": [
            {"status": status, "told": _resolved(answer, spec).get("description", "")}
            for status, answer in told["responses"].items()
            if status.isdigit()
        ],
    }


def _fields(body: Mapping[str, Any], spec: Mapping[str, Any]) -> list[dict[str, Any]]:
    content = body.get("content", {}).get("application/json")
    if content is None:
        return []
    schema = _resolved(content["schema"], spec)
    needed = schema.get("required", [])
    return [
        {"name": name, "told": field.get("description", ""), "required": name in needed}
        for name, field in schema.get("properties", {}).items()
    ]


def _resolved(part: Mapping[str, Any], spec: Mapping[str, Any]) -> Mapping[str, Any]:
    while "$ref" in part:
        found: Any = spec
        for step in part["$ref"].removeprefix("#/").split("/"):
            found = found[step]
        part = found
    return part


def _scope(path: str, method: str) -> str | None:
    """Tell which scope an address asks for, as its view says it."""
    for rule in current_app.url_map.iter_rules():
        named = rule.rule.replace("<", "{").replace(">", "}")
        if named == path and method.upper() in (rule.methods or ()):
            scope: str | None = getattr(current_app.view_functions[rule.endpoint], "scope", None)
            return scope
    return None
