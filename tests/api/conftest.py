"""What the API says of itself."""

from __future__ import annotations

from typing import Any

import pytest
from flask import Flask

from academy.accounts.models import Person
from academy.institutions.models import MemberRole
from tests.programs import Program
from tests.staff import make_member


@pytest.fixture(scope="module")
def document(shown: Flask) -> dict[str, Any]:
    """The OpenAPI document."""
    found: dict[str, Any] = shown.test_client().get("/api/v1/openapi.json").get_json()
    return found


@pytest.fixture
def program(app: Flask, ana: Person) -> Program:
    """Ana's program."""
    return Program(app, ana)


@pytest.fixture
def publisher(app: Flask) -> Program:
    """The program of somebody who edits for the river school."""
    return Program(app, make_member(MemberRole.EDITOR))
