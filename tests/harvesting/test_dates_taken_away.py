"""Dates that a source took away: nobody enrols in them, and who had enrolled is told once."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime, timedelta
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import select

from academy.db import db, unit_of_work
from academy.notices.models import Notice
from courses.catalogue.runs import MeetingStatus, Run
from courses.editing.models import OfferVersion, VersionSource
from courses.enrolment.rules import EnrolmentClosed
from courses.harvesting.harvests.preview import preview
from courses.harvesting.pipeline import Report
from courses.search.backlog import StaleOffer
from courses.webinars.operations import tell_of_changes
from tests.harvesting.edited_by_hand import FULL, edit, form
from tests.harvesting.harvested import harvest_at, lines, offer, record
from tests.harvesting.partner import Partner, approved, door_to, partner_serving, read
from tests.making import NOW, make_person
from tests.taking_part import enrol, withdraw

pytestmark = pytest.mark.usefixtures("app")
DAY = timedelta(days=1)
PAST, SOON, LATER = NOW - 30 * DAY, NOW + 30 * DAY, NOW + 60 * DAY


@pytest.fixture
def partner() -> Iterator[Partner]:
    with partner_serving() as serving:
        yield serving


def run(starts: datetime | None, **more: Any) -> dict[str, Any]:
    return {"starts": starts.isoformat() if starts else None, **more}


def live(starts: datetime) -> dict[str, Any]:
    """A run of one meeting."""
    hour = {"starts": starts.isoformat(), "ends": (starts + timedelta(hours=1)).isoformat()}
    return run(starts, meetings=[hour])


def told(*runs: dict[str, Any], now: datetime = NOW, **more: Any) -> Report:
    return harvest_at(now, record(runs=list(runs), **more))


def starts() -> list[datetime | None]:
    return [one.starts_at for one in offer().runs]


def run_on(day: datetime) -> Run:
    [found] = [one for one in offer().runs if one.starts_at == day]
    return found


def states(day: datetime) -> list[tuple[MeetingStatus, int]]:
    return [(one.status, one.sequence) for one in run_on(day).meetings]


def mails(*, now: datetime = NOW) -> int:
    """Let the worker tell of changes, and count what was ever told."""
    with unit_of_work():
        tell_of_changes(now=now, limit=100)
    changed = select(Notice).where(Notice.kind == "meeting-changed")
    return len(db.session.scalars(changed).all())


def versions() -> list[tuple[VersionSource, set[str]]]:
    rows = db.session.scalars(select(OfferVersion).order_by(OfferVersion.id)).all()
    return [(row.source, {path.split(".")[-1] for path in row.changes}) for row in rows]


def test_a_date_nobody_enrolled_in_goes() -> None:
    told(run(SOON), run(LATER))
    with unit_of_work():
        db.session.query(StaleOffer).delete()
    told(run(LATER))
    assert starts() == [LATER]
    assert versions()[-1] == (VersionSource.HARVEST, {"starts_at", "zone"})
    assert {one.offer_id for one in db.session.scalars(select(StaleOffer))} == {offer().id}


def test_a_date_that_returns_is_a_date_again() -> None:
    told(run(SOON), run(LATER))
    told(run(LATER))
    told(run(SOON), run(LATER))
    assert sorted(one for one in starts() if one) == [SOON, LATER]


def test_who_enrolled_is_told_once_and_nobody_enrols_any_more() -> None:
    told(live(SOON), live(LATER))
    reference = run_on(SOON).reference
    enrol(make_person(), reference)
    told(live(LATER))
    assert states(SOON) == [(MeetingStatus.CANCELLED, 1)]
    assert states(LATER) == [(MeetingStatus.CONFIRMED, 0)]
    told(live(LATER), title="Rain")
    assert (states(SOON), mails(), mails()) == ([(MeetingStatus.CANCELLED, 1)], 1, 1)
    with pytest.raises(EnrolmentClosed):
        enrol(make_person("ben@example.org"), reference)


def test_an_edition_called_off_that_returns_is_held_and_takes_people() -> None:
    told(live(SOON), live(LATER))
    reference = run_on(SOON).reference
    enrol(make_person(), reference)
    told(live(LATER))
    told(live(SOON), live(LATER))
    assert (run_on(SOON).reference, run_on(SOON).enrol_until) == (reference, None)
    assert states(SOON) == [(MeetingStatus.CONFIRMED, 2)]
    enrol(make_person("ben@example.org"), reference)
    told(live(LATER))
    assert states(SOON) == [(MeetingStatus.CANCELLED, 3)]


def test_an_edition_called_off_does_not_become_the_next_one() -> None:
    told(live(SOON), live(LATER))
    reference = run_on(SOON).reference
    enrol(make_person(), reference)
    told(live(LATER))
    told(live(LATER), live(LATER + DAY))
    assert run_on(SOON).reference == reference
    assert states(LATER + DAY) == [(MeetingStatus.CONFIRMED, 0)]


def test_who_withdrew_before_leaves_a_trace_that_stays() -> None:
    told(run(SOON), run(LATER))
    reference, ana = run_on(SOON).reference, make_person()
    enrol(ana, reference)
    withdraw(ana, reference)
    assert told(run(LATER)).findings == {}
    assert starts() == [SOON, LATER]


def test_a_date_without_meetings_is_closed_and_the_report_says_whom_nobody_told() -> None:
    told(run(SOON), run(LATER))
    reference = run_on(SOON).reference
    enrol(make_person(), reference)
    report = told(run(LATER))
    assert report.findings == {"date-taken-away": 1}
    with pytest.raises(EnrolmentClosed):
        enrol(make_person("ben@example.org"), reference)
    assert told(run(LATER), title="Rain").findings == {}


def test_what_has_begun_and_what_is_always_open_stay() -> None:
    early = NOW - 40 * DAY
    told(run(None), run(PAST), run(SOON), run(LATER), now=early)
    told(run(LATER))
    assert starts() == [None, PAST, LATER]


@pytest.mark.parametrize(
    "runs",
    [(), (run(None),), (run(LATER), run(SOON) | {"starts": "someday"})],
    ids=["no runs", "no date", "an unreadable date"],
)
def test_a_record_that_does_not_tell_its_dates_takes_none_away(
    runs: tuple[dict[str, Any], ...],
) -> None:
    told(run(SOON), run(LATER))
    told(*runs, title="Rain")
    assert starts() == [SOON, LATER]


def test_a_date_that_people_edited_stays() -> None:
    harvest_at(NOW, FULL | {"runs": [run(SOON), run(LATER)]})
    edited = form()
    edited["runs"][0]["capacity"] = "5"
    edit({"runs": edited["runs"]})
    harvest_at(NOW + DAY, FULL | {"runs": [run(LATER)]})
    assert [(one.starts_at, one.capacity) for one in offer().runs] == [(SOON, 5), (LATER, None)]


def test_a_trial_shows_what_would_go(app: Flask, partner: Partner) -> None:
    both, one = record(runs=[run(SOON), run(LATER)]), record(runs=[run(LATER)])
    source = approved(partner.say("/all.jsonl", lines(both)), "jsonl")
    read(app, source, partner)
    reference = run_on(SOON).reference
    partner.say("/all.jsonl", lines(one))
    [tried] = preview(source, door_to(partner), app.config["SETTINGS"], now=NOW).records
    assert tried.differences[f"runs.{reference}.starts_at"][1] is None
    assert starts() == [SOON, LATER]
