"""The JSON API's frame: OpenAPI 3.1, and errors left to the one handler."""

from __future__ import annotations

from collections.abc import Callable
from functools import wraps
from typing import Any

import flask_smorest
from flask import Flask, current_app
from marshmallow import Schema, fields

from academy.access import public

PROBLEM = "application/problem+json"


class ProblemSchema(Schema):
    """What went wrong (RFC 9457)."""

    type = fields.String(required=True)
    title = fields.String(required=True)
    status = fields.Integer(required=True)
    detail = fields.String()
    code = fields.String()
    reference = fields.String()
    errors = fields.Dict(keys=fields.String(), values=fields.Raw())


class Api(flask_smorest.Api):  # type: ignore[misc]
    """The API of the academy.

    The extension would answer every error of the application in JSON, the pages' too; here one
    handler answers for both.
    """

    def _register_error_handlers(self) -> None:
        """Leave errors to the application's handler."""

    def _register_responses(self) -> None:
        """Describe errors as that handler answers them."""
        for name in ("DEFAULT_ERROR", "UNPROCESSABLE_ENTITY"):
            answer = {
                "description": "A problem (RFC 9457)",
                "content": {PROBLEM: {"schema": ProblemSchema}},
            }
            self.spec.components.response(name, answer, lazy=True)


def _function(view: Callable[..., Any]) -> Callable[..., Any]:
    @wraps(view)
    def answer(*args: Any, **kwargs: Any) -> Any:
        return view(*args, **kwargs)

    return answer


def build_api(app: Flask) -> Api:
    """Make the API at /api/v1, with its OpenAPI document."""
    app.config.update(
        API_TITLE="Urban Academy",
        API_VERSION="v1",
        OPENAPI_VERSION="3.1.0",
        OPENAPI_URL_PREFIX="/api/v1",
        OPENAPI_JSON_PATH="openapi.json",
        API_SPEC_OPTIONS={
            "info": {
                "description": "Courses and webinars for local governments.",
                "license": {"name": "MIT", "identifier": "MIT"},
            },
            "servers": [{"url": "/"}],
            "security": [],
        },
    )
    api = Api(app)
    api.spec.components.security_scheme("token", {"type": "http", "scheme": "bearer"})
    app.extensions["api"] = api
    for name, view in list(app.view_functions.items()):
        if name.startswith("api-docs."):
            # A bound method cannot wear a label itself.
            app.view_functions[name] = public(_function(view))
    return api


def document() -> dict[str, Any]:
    """Give the OpenAPI document."""
    told: dict[str, Any] = current_app.extensions["api"].spec.to_dict()
    return told
