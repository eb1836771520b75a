"""Which edition a run in a feed is, so that nobody who enrolled finds themselves elsewhere."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any

import pytest

from academy.accounts.queries import person_by_email
from academy.db import db, unit_of_work
from courses.catalogue.queries import run_by_reference
from courses.catalogue.runs import Run
from tests.harvesting.harvested import harvest_at, offer, record
from tests.making import NOW, make_person
from tests.taking_part import enrol, standing

pytestmark = pytest.mark.usefixtures("app")
DAY = timedelta(days=1)
PAST, SOON, LATER = NOW - 30 * DAY, NOW + 30 * DAY, NOW + 60 * DAY


def run(starts: datetime | None, **more: Any) -> dict[str, Any]:
    return {"starts": starts.isoformat() if starts else None, **more}


def told(*runs: dict[str, Any], now: datetime = NOW) -> list[Run]:
    """Harvest an offer with these runs and give the runs it has then."""
    harvest_at(now, record(runs=list(runs)))
    return offer().runs


def starts(runs: list[Run]) -> list[datetime | None]:
    return [one.starts_at for one in runs]


def somebody_in(found: Run, *, now: datetime = NOW) -> str:
    """Enrol a person in a run and give its reference."""
    reference = found.reference
    enrol(make_person(), reference, now=now)
    return reference


def is_in(reference: str) -> bool:
    db.session.rollback()
    person = person_by_email("ana@example.org")
    return person is not None and standing(person, reference) == "enrolled"


def test_an_enrolment_survives_an_update_of_its_offer() -> None:
    reference = somebody_in(told(run(SOON, capacity=5))[0])
    harvest_at(NOW, record(title="Rain", runs=[run(SOON, capacity=5)]))
    [found] = offer().runs
    assert (found.reference, found.taken, is_in(reference)) == (reference, 1, True)


def test_a_new_edition_before_the_others_moves_nobody() -> None:
    reference = somebody_in(told(run(LATER))[0])
    runs = told(run(SOON), run(LATER))
    assert starts(runs) == [SOON, LATER]
    assert [one.reference == reference for one in runs] == [False, True]


def test_the_order_in_a_feed_does_not_matter() -> None:
    before = {one.starts_at: one.reference for one in told(run(SOON), run(LATER))}
    after = {one.starts_at: one.reference for one in told(run(LATER), run(SOON))}
    assert after == before


def test_an_edition_that_is_put_off_takes_its_people_along() -> None:
    reference = somebody_in(told(run(SOON))[0])
    [found] = told(run(LATER))
    assert (found.reference, found.starts_at) == (reference, LATER)


def test_an_edition_that_has_begun_keeps_its_people_when_the_next_is_announced() -> None:
    before = NOW - 40 * DAY
    reference = somebody_in(told(run(PAST), now=before)[0], now=before)
    runs = told(run(SOON))
    assert starts(runs) == [PAST, SOON]
    assert runs[0].reference == reference


def test_a_begun_edition_without_people_makes_room_for_the_next() -> None:
    told(run(PAST))
    assert starts(told(run(SOON))) == [SOON]


def test_an_open_run_gains_its_date_with_its_people() -> None:
    reference = somebody_in(told(run(None))[0])
    [found] = told(run(SOON))
    assert (found.reference, found.starts_at) == (reference, SOON)


def test_a_feed_that_forgets_the_date_does_not_open_the_run() -> None:
    told(run(SOON, ends=LATER.isoformat()))
    harvest_at(NOW, record(title="Rain"))
    [found] = offer().runs
    assert (found.starts_at, found.ends_at) == (SOON, LATER)


def test_what_is_not_told_of_an_edition_stays() -> None:
    told(run(SOON, ends=LATER.isoformat(), enrol_until=SOON.isoformat(), capacity=5))
    [found] = told(run(SOON, zone="Africa/Nairobi"))
    assert (found.ends_at, found.enrol_until, found.capacity) == (LATER, SOON, 5)
    assert found.zone == "Africa/Nairobi"


def test_an_edition_that_moves_leaves_the_end_of_its_old_date_behind() -> None:
    told(run(SOON, ends=(SOON + DAY).isoformat(), enrol_until=SOON.isoformat()))
    [found] = told(run(LATER))
    assert (found.starts_at, found.ends_at, found.enrol_until) == (LATER, None, None)


def test_a_capacity_never_falls_below_the_places_that_are_taken() -> None:
    somebody_in(told(run(SOON, capacity=5))[0])
    [found] = told(run(SOON, capacity=0))
    assert (found.capacity, found.taken) == (1, 1)


def meeting(day: datetime, **more: Any) -> dict[str, Any]:
    return {"starts": day.isoformat(), "ends": (day + timedelta(hours=1)).isoformat(), **more}


def meetings(*hours: dict[str, Any]) -> list[tuple[str, int, datetime, dict[str, str]]]:
    [found] = told(run(SOON, meetings=list(hours)))
    return [(one.uid, one.sequence, one.starts_at, one.title) for one in found.meetings]


def test_a_meeting_keeps_its_calendar_entry() -> None:
    [first] = meetings(meeting(SOON, title={"en": "First"}))
    same, new = meetings(meeting(SOON), meeting(SOON + DAY))
    assert same == first
    assert (new[1], new[2], new[0] == first[0]) == (0, SOON + DAY, False)


def test_a_meeting_added_before_the_others_moves_none() -> None:
    [first] = meetings(meeting(SOON + DAY))
    assert meetings(meeting(SOON), meeting(SOON + DAY))[1] == first


def test_a_meeting_that_moves_counts_up_its_sequence() -> None:
    [(uid, sequence, _, _)] = meetings(meeting(SOON))
    [moved] = meetings(meeting(SOON + DAY))
    assert moved == (uid, sequence + 1, SOON + DAY, {})


def test_a_recording_kept_by_hand_survives() -> None:
    [found] = told(run(SOON, meetings=[meeting(SOON)]))
    with unit_of_work():
        kept = run_by_reference(found.reference)
        db.session.refresh(kept, ["meetings"])
        kept.meetings[0].recording = "https://school.example/recording"
    [found] = told(run(SOON, meetings=[meeting(SOON, title={"en": "First"})]))
    assert found.meetings[0].recording == "https://school.example/recording"
    assert found.meetings[0].title == {"en": "First"}
