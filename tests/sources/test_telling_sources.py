"""What the page of a source says of reading it: where to tell of changes, how far it is, when."""

from __future__ import annotations

from datetime import timedelta

import pytest
from flask import Flask

from academy.accounts.models import Person
from academy.db import unit_of_work, utcnow
from courses.harvesting.models import HarvestState
from courses.sources.models import Schedule
from tests.invited import make_steward
from tests.read_sources import make_harvest, make_source, source
from tests.staff import make_member
from tests.visiting import Visitor

DESK = "/en/institutions/river-school/desk/sources"


@pytest.fixture
def editor(app: Flask) -> Person:
    """Somebody who edits for the river school."""
    assert app.name
    return make_member()


@pytest.fixture
def desk(app: Flask, editor: Person) -> Visitor:
    """An editor at the browser."""
    return Visitor(app, editor)


@pytest.mark.parametrize("address", ["", "https://school.example.org/courses.csv"])
def test_a_source_names_the_addresses_at_which_a_system_tells_of_changes(
    app: Flask, desk: Visitor, editor: Person, address: str
) -> None:
    reference = make_source(editor, address=address, schedule=Schedule.BY_HAND)
    base, page = app.config["SETTINGS"].base_url, desk.page(f"{DESK}/{reference}")
    records = f"{base}/api/v1/institutions/river-school/sources/{reference}/records"
    assert f"{base}/api/v1/sources/{reference}/messages</code>" in page
    assert (f"{records}</code>" in page) is (not address)
    assert 'href="/en/api"' in page


def test_a_source_says_how_far_it_is_read_and_looks_again_by_itself(
    desk: Visitor, editor: Person
) -> None:
    reference = make_source(editor, approved_by=make_steward())
    path = f"{DESK}/{reference}"
    before = desk.page(path)
    running = make_harvest(reference, HarvestState.RUNNING, pages=1)
    page, report = desk.page(path), desk.page(f"{path}/harvests/{running}")
    assert "data-hx-get" not in before
    for told, here in ((page, path), (report, f"{path}/harvests/{running}")):
        assert "1 page fetched so far" in told
        assert f'data-hx-get="{here}" data-hx-trigger="every 3s"' in told
        assert "0 read" not in told


def test_an_hour_that_has_passed_is_not_called_the_next(desk: Visitor, editor: Person) -> None:
    reference = make_source(editor, approved_by=make_steward())
    page = desk.page(f"{DESK}/{reference}")
    with unit_of_work():
        source(reference).due_at = utcnow() + timedelta(days=1)
    later = desk.page(f"{DESK}/{reference}")
    told = ("It is read as soon as it is its turn.", "It is read next on")
    assert [[one in each for one in told] for each in (page, later)] == [
        [True, False],
        [False, True],
    ]
