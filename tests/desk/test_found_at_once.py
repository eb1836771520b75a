"""Whoever publishes finds the change on the next page, on the real server with its worker."""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import datetime
from time import monotonic
from urllib.parse import quote
from urllib.request import urlopen

import pytest
from flask import Flask

from academy.accounts.queries import person_by_email
from academy.db import db, unit_of_work, utcnow
from academy.health import WORKER, beat, last_beat
from academy.institutions.models import MemberRole
from academy.institutions.operations import appoint
from academy.institutions.queries import institution_by_slug
from courses.search.answering.snapshots import LOOK_AGAIN_AFTER
from courses.search.backlog import (
    LONGEST_WAIT,
    LOOK_EVERY,
    TOO_MANY,
    Awaited,
    await_index,
    mark_stale,
    waiting,
)
from courses.search.find import index_folder
from tests.editor import DESK, EDIT, Editor
from tests.invited import make_place, make_steward
from tests.making import NOW, make_offer
from tests.patience import awaited
from tests.search.indexed import drained, indexed
from tests.serving import Site
from tests.staff import make_member
from tests.suggested import make_untagged
from tests.visiting import Visitor

PLACE, SLUG = "asia-pacific-cities-hub", "integrated-planning-water-energy-food"
OFFER = f"/en/institutions/{PLACE}/desk/offers/{SLUG}"
TOTAL = re.compile(r'data-announced="(\d+) offers?')
ALL_IT_MAY_BE = LONGEST_WAIT - LOOK_EVERY - LOOK_AGAIN_AFTER
MOST_ATTEMPTS = 20
"""A machine that is busy may be slower than the wait is long; not twenty times in a row."""

IN_A_MOMENT = "Much is being published. Search finds your change in a moment."


@pytest.fixture
def editor(demonstration: Flask, site: Site) -> Iterator[Editor]:
    """An editor of the demonstration network; its worker keeps the index, its server shows it."""
    with demonstration.app_context():
        with unit_of_work():
            person = person_by_email("learner-02@sample.example")
            assert person is not None
            appoint(person, institution_by_slug(PLACE), MemberRole.EDITOR, now=utcnow())
            email = person.email
        # Before its worker beats, and while much is told to the index, nobody is made to wait.
        awaited(is_at_rest, "the worker does not come to rest")
        found = person_by_email(email)
        assert found is not None
        yield Editor(demonstration, found)


def is_at_rest() -> bool:
    """Tell whether the worker lives and has told the index everything."""
    db.session.rollback()
    return last_beat(WORKER) is not None and not waiting()


def total(site: Site, words: str) -> int:
    """Ask the real server how many offers have these words."""
    with urlopen(f"{site.url}/en/learn?q={quote(words)}") as answer:
        [found] = TOTAL.findall(answer.read().decode())
    return int(found)


def publish(editor: Editor, title: str) -> float:
    """Give the offer another title, and publish; tells how long publishing took."""
    saved = editor.send(editor.form(OFFER), OFFER, do="save", **{"texts-en-title": title})
    assert saved.status_code == 303
    publishing = editor.form(f"{OFFER}/difference", f"{OFFER}/publish")
    began = monotonic()
    assert editor.send(publishing, f"{OFFER}/publish").status_code == 303
    return monotonic() - began


def test_the_next_page_finds_what_was_published(editor: Editor, site: Site) -> None:
    found, took = 0, 0.0
    for attempt in range(MOST_ATTEMPTS):
        word = f"unheardof{'pqrstuvwxyz'[attempt % 11] * 5}{attempt}"
        took = publish(editor, f"{word} for cities")
        found = total(site, f'"{word}"')
        # Found, or the wait was all it may be.
        assert found == 1 or took >= ALL_IT_MAY_BE
        if found:
            break
    assert found == 1


def test_what_was_published_before_is_found_no_more(editor: Editor, site: Site) -> None:
    publish(editor, "Unheardofthings for cities")
    publish(editor, "Entirelyother for cities")

    assert awaited(lambda: total(site, '"entirelyother"'), "it is never found") == 1
    assert total(site, '"unheardofthings"') == 0


def test_nobody_waits_where_no_worker_is(app: Flask) -> None:
    make_offer("Water for all")
    indexed(app)
    make_offer("Never indexed")

    began = monotonic()
    assert await_index(now=NOW) is Awaited.NOT_YET

    assert monotonic() - began < ALL_IT_MAY_BE
    assert waiting() > 0


def test_nobody_waits_who_changed_nothing(app: Flask) -> None:
    make_offer("Water for all")
    drained(indexed(app))
    db.session.info.clear()

    began = monotonic()
    assert await_index(now=NOW) is Awaited.FOUND

    assert monotonic() - began < ALL_IT_MAY_BE


def test_what_the_index_has_learned_is_not_waited_for(app: Flask) -> None:
    make_offer("Water for all")
    drained(index_folder(app))

    assert await_index(now=NOW) is Awaited.FOUND


def busy_worker(offer: int, *, now: datetime) -> None:
    """Let there be a worker that has more to do than anybody waits for."""
    with unit_of_work():
        beat(WORKER, now=now, details={})
        mark_stale([offer] * (TOO_MANY + 1))


def test_nobody_waits_behind_a_thousand_others(app: Flask) -> None:
    offer = make_offer("Water for all").id
    busy_worker(offer, now=NOW)

    began = monotonic()
    assert await_index(now=NOW) is Awaited.SOON
    assert await_index(now=NOW) is Awaited.FOUND

    assert monotonic() - began < ALL_IT_MAY_BE


def test_who_does_not_find_a_change_at_once_is_told_so(app: Flask) -> None:
    offer = make_offer("Water for all").id
    drained(indexed(app))
    editor = Editor(app, make_member())
    editor.save(**{"texts-en-title": "Water for some"})
    publishing = editor.form(f"{EDIT}/difference", f"{EDIT}/publish")
    busy_worker(offer, now=utcnow())

    answer = editor.send(publishing, f"{EDIT}/publish")

    assert answer.status_code == 303
    assert editor.visitor.page(answer.location).count(IN_A_MOMENT) == 1


def test_a_steward_who_confirms_is_told_where_that_is_not_found_at_once(app: Flask) -> None:
    make_place("river-school", section="africa")
    offer = make_untagged("Housing and transport")
    drained(indexed(app))
    busy_worker(offer.id, now=utcnow())
    steward = Visitor(app, make_steward("all@example.org"))

    path = f"/en/secretariat/topics/{offer.slug}/confirm"
    answer = steward.post(path, terms="housing")

    assert (answer.status_code, answer.location) == (303, "/en/secretariat/topics")
    assert steward.page(answer.location).count(IN_A_MOMENT) == 1


def test_saving_a_draft_waits_for_nobody(app: Flask) -> None:
    make_offer("Water for all")
    drained(indexed(app))
    editor = Editor(app, make_member())

    assert editor.save(**{"texts-en-title": "Water for some"}).status_code == 303
    assert waiting() == 0
    assert editor.send(editor.form(f"{EDIT}/difference", f"{EDIT}/publish"), f"{EDIT}/publish")
    assert waiting() > 0
    assert EDIT.startswith(DESK)
