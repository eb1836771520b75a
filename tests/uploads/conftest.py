"""Somebody who edits for the river school."""

from __future__ import annotations

import pytest
from flask import Flask

from academy.institutions.models import MemberRole
from tests.staff import make_member
from tests.uploading import Editor


@pytest.fixture
def editor(app: Flask) -> Editor:
    """An editor of the river school."""
    return Editor(app, make_member(MemberRole.EDITOR))
