"""What a first visit weighs: the budgets of every public page, compressed as they travel."""

from __future__ import annotations

import gzip
from collections.abc import Iterator
from dataclasses import dataclass, field
from html.parser import HTMLParser

import pytest
from flask import Flask
from sqlalchemy import select

from academy.db import db
from academy.institutions.models import Institution
from courses.catalogue.models import Offer
from tests.journeys.pages import OPEN_TO_ALL
from tests.visiting import Visitor

KB = 1024
PAGE, STYLES, SCRIPTS, FIRST_VISIT, REQUESTS = 12 * KB, 12 * KB, 20 * KB, 40 * KB, 6


class Parts(HTMLParser):
    """Lists what a browser fetches with a page: stylesheets, scripts, pictures."""

    def __init__(self, text: str) -> None:
        super().__init__()
        self.styles: list[str] = []
        self.scripts: list[str] = []
        self.others: list[str] = []
        self.feed(text)
        self.close()

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        told = {name: value or "" for name, value in attrs}
        if tag == "link" and told.get("rel") == "stylesheet":
            self.styles.append(told["href"])
        elif tag == "link" and told.get("rel") in {"icon", "preload", "modulepreload", "manifest"}:
            self.others.append(told["href"])
        elif tag == "script" and "src" in told:
            self.scripts.append(told["src"])
        elif told.get("src"):
            self.others.append(told["src"])


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


def compressed(body: bytes) -> int:
    """Count the bytes that travel, at the level servers use by default."""
    return len(gzip.compress(body, 6, mtime=0))


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
