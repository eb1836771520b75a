"""What the API says of itself."""

from __future__ import annotations

from typing import Any

import pytest
from flask import Flask


@pytest.fixture(scope="module")
def document(shown: Flask) -> dict[str, Any]:
    """The OpenAPI document."""
    found: dict[str, Any] = shown.test_client().get("/api/v1/openapi.json").get_json()
    return found
