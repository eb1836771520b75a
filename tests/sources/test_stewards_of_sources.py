"""The stewards' page of sources: approved as seen, paused with a note, held readings decided."""

from __future__ import annotations

import html
import re

import pytest
from flask import Flask
from sqlalchemy import select

from academy.accounts.models import Person
from academy.audit import AuditEntry
from academy.db import db, unit_of_work
from academy.institutions.queries import institution_by_slug
from courses.catalogue.models import Offer
from courses.harvesting.harvests.holding import name_missing, tell_stewards
from courses.harvesting.models import Harvest, HarvestState, SourceRecord
from courses.sources.models import Source, SourceState
from tests.invited import make_steward
from tests.letters import kinds_for, letter, way_in, written
from tests.making import NOW, make_institution, make_offer
from tests.questions import asked_for
from tests.read_sources import FEED, make_harvest, make_source, source
from tests.staff import make_member
from tests.visiting import Visitor

PAGE = "/en/secretariat/sources"


@pytest.fixture
def editor(app: Flask) -> Person:
    """Somebody who edits for the river school."""
    assert app.name
    return make_member()


@pytest.fixture
def sol(app: Flask) -> Person:
    """A steward of all."""
    assert app.name
    return make_steward()


@pytest.fixture
def steward(app: Flask, sol: Person) -> Visitor:
    """The steward at the browser."""
    return Visitor(app, sol)


def seen(page: str) -> list[str]:
    """Give the marks of what can be approved on a page."""
    return [html.unescape(one) for one in re.findall(r'name="seen" value="([^"]+)"', page)]


def names(page: str) -> list[str]:
    """Name the sources on a page, in their order."""
    return re.findall(r'<h2 class="h3"><a href="[^"]+" dir="auto">([^<]+)</a>', page)


def test_what_waits_stands_first_and_is_approved_as_it_was_seen(
    steward: Visitor, sol: Person, editor: Person
) -> None:
    make_source(editor, approved_by=sol, name="A calendar")
    reference = make_source(editor, name="Our courses")

    front, page = steward.page("/en/secretariat"), steward.page(PAGE)
    [mark] = seen(page)
    answer = steward.post(f"{PAGE}/{reference}/approve", seen=mark)

    assert "1 source waits to be approved, or is held" in front
    assert names(page) == ["Our courses", "A calendar"]
    assert FEED in page
    assert answer.status_code == 303
    assert source(reference).state is SourceState.APPROVED
    assert "source waits" not in steward.page("/en/secretariat")


def test_what_was_changed_since_is_looked_at_again(steward: Visitor, editor: Person) -> None:
    reference = make_source(editor)
    [mark] = seen(steward.page(PAGE))
    with unit_of_work():
        of = db.session.query(Source).filter_by(reference=reference).one()
        of.address, of.changed_at = "http://169.254.0.1/", NOW.replace(hour=13)

    for sent in (mark, ""):
        assert steward.post(f"{PAGE}/{reference}/approve", seen=sent).status_code == 409
    assert source(reference).state is SourceState.REQUESTED


def test_a_source_is_paused_with_a_note_that_the_institution_reads(
    app: Flask, steward: Visitor, sol: Person, editor: Person
) -> None:
    reference = make_source(editor, approved_by=sol)

    empty = steward.post(f"{PAGE}/{reference}/pause")
    answer = steward.post(f"{PAGE}/{reference}/pause", reason="1 < 2 & '3'")

    assert (empty.status_code, answer.status_code) == (422, 303)
    assert source(reference).state is SourceState.PAUSED
    desk = Visitor(app, editor).page(f"/en/institutions/river-school/desk/sources/{reference}")
    assert "1 &lt; 2 &amp; &#39;3&#39;" in desk
    entry = db.session.scalars(select(AuditEntry).order_by(AuditEntry.id.desc())).first()
    assert entry is not None
    assert (entry.act, entry.reason) == ("source-paused", "1 < 2 & '3'")


def test_a_steward_of_another_section_sees_and_decides_nothing(app: Flask, editor: Person) -> None:
    reference = make_source(editor)
    elsewhere = Visitor(app, make_steward("asia@example.org", section="asia"))
    with unit_of_work():
        institution_by_slug("river-school").section = "africa"

    assert names(elsewhere.page(PAGE)) == []
    for act in ("approve", "pause"):
        answer = elsewhere.post(f"{PAGE}/{reference}/{act}", reason="No.")
        assert answer.status_code == 404
    assert source(reference).state is SourceState.REQUESTED


def hold(reference: str) -> tuple[str, Offer]:
    """Hold a reading of a source that would unlist one offer."""
    offer = make_offer("Water for all")
    held = make_harvest(reference, HarvestState.HELD, vanished=1)
    with unit_of_work():
        of = db.session.query(Source).filter_by(reference=reference).one()
        record = SourceRecord(
            source_id=of.id,
            external_id="W-1",
            offer_id=offer.id,
            payload=b"",
            fingerprint="",
            words=[],
            first_seen_at=NOW,
            changed_at=NOW,
        )
        db.session.add(record)
        db.session.flush()
        harvest = db.session.query(Harvest).filter_by(reference=held).one()
        name_missing(harvest, [offer.id])
    return held, offer


def test_a_held_reading_shows_what_it_would_unlist_and_is_let(
    steward: Visitor, sol: Person, editor: Person
) -> None:
    reference = make_source(editor, approved_by=sol)
    held, _offer = hold(reference)
    path = f"/en/secretariat/harvests/{held}"

    listed, page = steward.page(f"{PAGE}?state=held"), steward.page(path)
    answer = steward.post(f"{path}/allow")

    assert path in listed
    assert "It would unlist 1 offer:" in page
    assert "Water for all" in page
    assert answer.status_code == 303
    last = db.session.scalars(select(Harvest).order_by(Harvest.id.desc())).first()
    assert last is not None
    assert (last.state, last.allowed) == (HarvestState.QUEUED, True)
    assert names(steward.page(f"{PAGE}?state=held")) == []
    decided = steward.page(path)
    assert "It was let: the source is read again" in decided
    assert sol.name in decided[decided.index("It was let") :]
    assert steward.post(f"{path}/allow").status_code == 404


def test_the_rest_of_a_held_reading_is_taken(steward: Visitor, sol: Person, editor: Person) -> None:
    held, _offer = hold(make_source(editor, approved_by=sol))
    path = f"/en/secretariat/harvests/{held}"

    assert "Take the rest" in steward.page(path)
    assert steward.post(f"{path}/take-rest").status_code == 303

    last = db.session.scalars(select(Harvest).order_by(Harvest.id.desc())).first()
    assert last is not None
    assert (last.state, last.allowed, last.details) == (HarvestState.QUEUED, False, {"keep": "yes"})
    assert steward.post(f"{path}/take-rest").status_code == 404


def test_stewards_hear_once_of_a_reading_that_is_held_until_it_is_decided(
    app: Flask, steward: Visitor, sol: Person, editor: Person
) -> None:
    make_steward("asia@example.org", section="asia")
    held, _offer = hold(make_source(editor, approved_by=sol))
    for _twice in range(2):
        with unit_of_work():
            harvest = db.session.query(Harvest).filter_by(reference=held).one()
            tell_stewards(harvest, now=NOW)

    address = sol.email
    db.session.remove()
    assert kinds_for(app, address).count("harvest-held") == 1
    mail = letter(app, "harvest-held", address)
    assert mail.subject == "A reading of “Our courses” is held"
    assert way_in(mail) == f"/en/secretariat/harvests/{held}"
    assert steward.post(f"/en/secretariat/harvests/{held}/leave").status_code == 303
    db.session.remove()
    assert str(written(app, "harvest-held", address)) == "untrue"


def test_a_held_reading_that_is_left_changes_nothing(
    steward: Visitor, sol: Person, editor: Person
) -> None:
    reference = make_source(editor, approved_by=sol)
    held, offer = hold(reference)

    answer = steward.post(f"/en/secretariat/harvests/{held}/leave")

    assert answer.status_code == 303
    [harvest] = db.session.scalars(select(Harvest)).all()
    assert harvest.state is HarvestState.ABORTED
    assert db.session.get_one(Offer, offer.id).vanished_at is None
    assert steward.post(f"/en/secretariat/harvests/{held}/leave").status_code == 404


def test_failed_sources_have_a_list_of_their_own(
    steward: Visitor, sol: Person, editor: Person
) -> None:
    fine = make_source(editor, approved_by=sol, name="Fine")
    failed = make_source(editor, approved_by=sol, name="Failed")
    make_harvest(fine)
    make_harvest(failed, HarvestState.FAILED, code="html")

    page = steward.page(f"{PAGE}?state=failed")

    assert names(page) == ["Failed"]
    assert "The file is a web page, not a feed." in page
    assert names(steward.page(f"{PAGE}?state=nonsense")) == ["Failed", "Fine"]


def test_many_sources_are_listed_with_as_many_questions_as_one(
    steward: Visitor, sol: Person, editor: Person
) -> None:
    make_institution("hill-school")
    counted: list[list[str]] = []
    for slugs in (["river-school"], ["river-school", "hill-school"] * 2):
        for number, slug in enumerate(slugs):
            name = f"Source {len(counted)} {number}"
            make_harvest(make_source(editor, approved_by=sol, slug=slug, name=name))
        steward.page(PAGE)
        counted.append(asked_for(steward, PAGE))
    assert counted[0] == counted[1]
    assert len(names(steward.page(PAGE))) == 5
