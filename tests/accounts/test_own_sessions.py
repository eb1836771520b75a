"""The sessions of a person: listed, ended one by one, and seen not too exactly."""

from __future__ import annotations

from datetime import timedelta

import pytest
from flask import Flask
from sqlalchemy import select

from academy.accounts.models import Person, PersonSession
from academy.accounts.operations import shut_every_door
from academy.db import db, unit_of_work, utcnow
from tests.browsing import ACCOUNT, Browser, Reader
from tests.making import make_person


def sessions(place: Flask) -> list[PersonSession]:
    """All sessions there are."""
    with place.app_context():
        return list(db.session.scalars(select(PersonSession).order_by(PersonSession.id)))


def seen_before(place: Flask, ago: timedelta) -> None:
    """Put back when everybody was last seen."""
    with place.app_context(), unit_of_work():
        for session in db.session.scalars(select(PersonSession)):
            session.seen_at = utcnow() - ago


def end_ways(browser: Browser) -> list[str]:
    """The buttons that end one session."""
    forms = Reader(browser.get(ACCOUNT).text).posts()
    return [form.action for form in forms if form.action.endswith("/end")]


def test_one_session_is_ended_and_the_others_stay(place: Flask, ana: Browser) -> None:
    phone, library = Browser(place), Browser(place)
    phone.sign_in()
    library.sign_in()
    # Latest first; this browser has no button of its own.
    [of_library, _of_phone] = end_ways(ana)
    answer = ana.send(of_library, {}, page=ACCOUNT)
    assert (answer.status_code, answer.location) == (303, ACCOUNT)
    visits = [each.get(ACCOUNT).status_code for each in (ana, phone, library)]
    assert visits == [200, 200, 303]
    assert ana.post(of_library, {"csrf_token": ana.token(ACCOUNT)}).status_code == 303
    assert len(sessions(place)) == 2


def test_nobody_ends_the_session_of_somebody_else(place: Flask, ana: Browser) -> None:
    with place.app_context():
        make_person("ben@example.org", name="Ben")
    ben = Browser(place)
    ben.sign_in("ben@example.org")
    [hers] = [one.reference for one in sessions(place) if one.person_id == 1]
    ben.post(f"{ACCOUNT}/sessions/{hers}/end", {"csrf_token": ben.token(ACCOUNT)})
    assert ana.get(ACCOUNT).status_code == 200


@pytest.mark.parametrize(
    ("ago", "written"), [(timedelta(minutes=4), False), (timedelta(minutes=6), True)]
)
def test_when_somebody_was_last_seen_is_kept_to_five_minutes(
    place: Flask, ana: Browser, ago: timedelta, written: bool
) -> None:
    seen_before(place, ago)
    [before] = sessions(place)
    assert ana.get(ACCOUNT).text.count("Last seen on") == 1
    [after] = sessions(place)
    assert (after.seen_at != before.seen_at) == written
    assert after.seen_at is not None
    assert (utcnow() - after.seen_at < timedelta(minutes=1)) == written


def test_every_door_is_shut_at_once(place: Flask, ana: Browser) -> None:
    with place.app_context(), unit_of_work():
        shut_every_door(db.session.scalars(select(Person)).one(), now=utcnow())
    assert ana.get(ACCOUNT).status_code == 303
    assert sessions(place) == []
