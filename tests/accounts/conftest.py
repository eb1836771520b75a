"""Browsers at an academy in which Ana has an account."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from flask import Flask

from tests.browsing import Browser
from tests.making import make_person


@pytest.fixture
def place(academy: Callable[..., Flask]) -> Flask:
    """An academy in which Ana has an account; no application context is open."""
    made = academy()
    with made.app_context():
        make_person()
    return made


@pytest.fixture
def browser(place: Flask) -> Browser:
    """A browser that nobody is signed in with."""
    return Browser(place)


@pytest.fixture
def ana(place: Flask) -> Browser:
    """A browser in which Ana is signed in."""
    hers = Browser(place)
    assert hers.sign_in().status_code == 303
    return hers
