"""What a first visit weighs: the budgets of every public page, compressed as they travel."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field

import pytest
from flask import Flask
from sqlalchemy import select

from academy.db import db
from academy.institutions.models import Institution
from courses.catalogue.models import Offer
from tests.journeys.pages import OPEN_TO_ALL
from tests.journeys.weighing import (
    FIRST_VISIT,
    PAGE,
    REQUESTS,
    SCRIPTS,
    STYLES,
    Parts,
    compressed,
)
from tests.visiting import Visitor


@dataclass
class Weights:
    """Bytes of the parts of pages, compressed; each part is weighed once."""

    visitor: Visitor
    known: dict[str, int] = field(default_factory=dict)

    def of(self, path: str) -> int:
        """Weigh one part."""
        if path not in self.known:
            self.known[path] = compressed(self.visitor.get(path).get_data())
        return self.known[path]

    def all(self, paths: list[str]) -> int:
        """Weigh several parts."""
        return sum(self.of(path) for path in paths)


def too_heavy(weights: Weights, path: str) -> list[str]:
    """Name the budgets that a page exceeds."""
    answer = weights.visitor.get(path)
    page, parts = compressed(answer.get_data()), Parts(answer.get_data(as_text=True))
    styles, scripts = weights.all(parts.styles), weights.all(parts.scripts)
    whole = page + styles + scripts + weights.all(parts.others)
    requests = 1 + len(parts.styles) + len(parts.scripts) + len(parts.others)
    measured = {
        "page": (page, PAGE),
        "styles": (styles, STYLES),
        "scripts": (scripts, SCRIPTS),
        "first visit": (whole, FIRST_VISIT),
        "requests": (requests, REQUESTS),
    }
    return [f"{path}: {name} {now}" for name, (now, most) in measured.items() if now > most]


@pytest.fixture
def weights(demonstration: Flask) -> Iterator[Weights]:
    """Scales beside the demonstration network."""
    with demonstration.app_context():
        yield Weights(Visitor(demonstration))


@pytest.mark.parametrize("language", ["en", "ar", "th"])
def test_every_kind_of_page_keeps_to_its_budget(weights: Weights, language: str) -> None:
    paths = [f"/{language}/{path}" for paths in OPEN_TO_ALL.values() for path in paths]
    assert [line for path in paths for line in too_heavy(weights, path)] == []


def test_every_offer_and_institution_keeps_to_its_budget(weights: Weights) -> None:
    paths = [f"/en/learn/{slug}" for slug in db.session.scalars(select(Offer.slug))]
    paths += [f"/en/institutions/{slug}" for slug in db.session.scalars(select(Institution.slug))]
    assert len(paths) == 72
    assert [line for path in paths for line in too_heavy(weights, path)] == []


def test_only_the_catalogue_loads_the_library_of_the_live_filter(weights: Weights) -> None:
    scripts = {
        path: [script.partition("?")[0] for script in Parts(weights.visitor.page(path)).scripts]
        for path in ("/en/", "/en/learn", "/en/institutions")
    }
    own, library = "/static/academy.js", "/static/vendor/htmx-4.0.1.min.js"
    assert {path: sorted(found) for path, found in scripts.items()} == {
        "/en/": [own],
        "/en/learn": [own, library],
        "/en/institutions": [own],
    }


def test_pages_fetch_nothing_from_elsewhere(weights: Weights) -> None:
    parts = Parts(weights.visitor.page("/en/learn"))
    fetched = parts.styles + parts.scripts + parts.others
    assert [path for path in fetched if not path.startswith("/static/")] == []
