"""Twenty people press the same button at once, on the real server: five places, five enrolled."""

from __future__ import annotations

import http.client
from collections import Counter
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, replace
from threading import Barrier
from urllib.parse import urlencode

from flask import Flask
from sqlalchemy import func, select

from academy.cookies import session_cookie
from academy.accounts import operations as accounts
from academy.db import db, unit_of_work, utcnow
from courses.catalogue.runs import Run
from courses.enrolment.models import Enrolment, Standing
from tests.making import make_person
from tests.serving import LIMIT, serving
from tests.taking_part import OPEN, make_run
from tests.visiting import TOKEN

PLACES, PEOPLE = 5, 20
FULL = "All places in this run are taken."


@dataclass(frozen=True)
class Told:
    """What one of them was told: status, where it leads, and whether the run is full."""

    status: int
    location: str | None
    full: bool


def signed_in(number: int) -> str:
    """Make a person and their session; give its secret."""
    person = make_person(f"peer{number}@example.org")
    with unit_of_work():
        return accounts.start_session(person, agent="a test", days=1, now=utcnow())


def cookies(token: str, more: str | None) -> str:
    """Write the header in which a browser sends its cookies."""
    forms = (more or "").partition(";")[0]
    return "; ".join(part for part in (f"academy={token}", forms) if part)


def enrol_at_the_gate(host: str, path: str, token: str, gate: Barrier) -> Told:
    """Take the form's token, wait for all the others, then press the button."""
    connection = http.client.HTTPConnection(host, timeout=LIMIT)
    connection.request("GET", "/en/sign-in", headers={"Cookie": cookies(token, None)})
    page = connection.getresponse()
    found = TOKEN.search(page.read().decode())
    assert found is not None
    form = urlencode({"csrf_token": found.group(1)})
    headers = {
        "Cookie": cookies(token, page.headers["Set-Cookie"]),
        "Content-Type": "application/x-www-form-urlencoded",
    }
    gate.wait(LIMIT)
    connection.request("POST", path, form, headers)
    answer = connection.getresponse()
    text = answer.read().decode()
    connection.close()
    return Told(answer.status, answer.headers["Location"], FULL in text)


def test_twenty_at_once_for_five_places_fill_exactly_five(app: Flask) -> None:
    run = make_run(replace(OPEN, capacity=PLACES))
    tokens = [signed_in(number) for number in range(PEOPLE)]
    assert session_cookie() == "academy"
    gate = Barrier(PEOPLE)
    with serving(app.config["SETTINGS"]) as site, ThreadPoolExecutor(PEOPLE) as pool:
        door = (site.host, f"/en/runs/{run}/enrolment")
        rush = [pool.submit(enrol_at_the_gate, *door, token, gate) for token in tokens]
        told = Counter(one.result(LIMIT) for one in rush)
    assert told == {
        Told(303, "/en/learn/water-for-all", full=False): PLACES,
        Told(409, None, full=True): PEOPLE - PLACES,
    }
    db.session.rollback()
    standings = db.session.execute(
        select(Enrolment.standing, func.count()).group_by(Enrolment.standing)
    )
    assert [tuple(row) for row in standings] == [(Standing.ENROLLED, PLACES)]
    assert db.session.scalars(select(Run.taken)).all() == [PLACES]


def test_one_person_pressing_twenty_times_at_once_is_enrolled_once(app: Flask) -> None:
    run = make_run(replace(OPEN, capacity=PLACES))
    token = signed_in(1)
    gate = Barrier(PEOPLE)
    with serving(app.config["SETTINGS"]) as site, ThreadPoolExecutor(PEOPLE) as pool:
        door = (site.host, f"/en/runs/{run}/enrolment")
        rush = [pool.submit(enrol_at_the_gate, *door, token, gate) for _ in range(PEOPLE)]
        told = Counter(one.result(LIMIT) for one in rush)
    assert told == {Told(303, "/en/learn/water-for-all", full=False): PEOPLE}
    db.session.rollback()
    assert db.session.scalar(select(func.count()).select_from(Enrolment)) == 1
    assert db.session.scalars(select(Run.taken)).all() == [1]
