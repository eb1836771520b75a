"""Many people press buttons at once, on the real server: never more inside than places."""

from __future__ import annotations

import http.client
from collections import Counter
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, replace
from threading import Barrier
from urllib.parse import urlencode

from flask import Flask
from sqlalchemy import func, select

from academy.accounts import operations as accounts
from academy.accounts.models import Person
from academy.cookies import session_cookie
from academy.db import db, unit_of_work, utcnow
from courses.catalogue.runs import Run
from courses.enrolment.models import Enrolment, Standing
from tests.making import make_person
from tests.patience import LIMIT
from tests.serving import serving
from tests.taking_part import OPEN, enrol, make_run
from tests.visiting import TOKEN

PLACES, PEOPLE = 5, 20
CROWD = 12


@dataclass(frozen=True)
class Told:
    """What one of them was told: status, and the page to which it leads."""

    status: int
    page: str


def person(number: int) -> Person:
    """Find one of them."""
    return db.session.scalars(select(Person).where(Person.name == f"Peer {number}")).one()


def signed_in(number: int) -> str:
    """Make a person and their session; give its secret."""
    made = make_person(f"peer{number}@example.org", name=f"Peer {number}")
    with unit_of_work():
        return accounts.start_session(made, agent="a test", days=1, now=utcnow())


def cookies(token: str, more: str | None) -> str:
    """Write the header in which a browser sends its cookies."""
    forms = (more or "").partition(";")[0]
    return "; ".join(part for part in (f"academy={token}", forms) if part)


def press_at_the_gate(host: str, path: str, token: str, gate: Barrier) -> Told:
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
    answer.read()
    connection.close()
    location = answer.headers["Location"] or ""
    return Told(answer.status, location.rpartition("/")[0] or location)


def standings() -> dict[Standing, int]:
    """Count how people stand, as the database has it."""
    db.session.rollback()
    counted = select(Enrolment.standing, func.count()).group_by(Enrolment.standing)
    return {standing: count for standing, count in db.session.execute(counted)}


def test_twenty_at_once_for_five_places_fill_exactly_five(app: Flask) -> None:
    run = make_run(replace(OPEN, capacity=PLACES))
    tokens = [signed_in(number) for number in range(PEOPLE)]
    assert session_cookie() == "academy"
    gate = Barrier(PEOPLE)
    with serving(app.config["SETTINGS"]) as site, ThreadPoolExecutor(PEOPLE) as pool:
        door = (site.host, f"/en/runs/{run}/enrolment")
        rush = [pool.submit(press_at_the_gate, *door, token, gate) for token in tokens]
        told = Counter(one.result(LIMIT) for one in rush)
    assert told == {Told(303, "/en/my/enrolments"): PEOPLE}
    assert standings() == {Standing.ENROLLED: PLACES, Standing.WAITING: PEOPLE - PLACES}
    assert db.session.scalars(select(Run.taken)).all() == [PLACES]


def test_one_person_pressing_twenty_times_at_once_is_enrolled_once(app: Flask) -> None:
    run = make_run(replace(OPEN, capacity=PLACES))
    token = signed_in(1)
    gate = Barrier(PEOPLE)
    with serving(app.config["SETTINGS"]) as site, ThreadPoolExecutor(PEOPLE) as pool:
        door = (site.host, f"/en/runs/{run}/enrolment")
        rush = [pool.submit(press_at_the_gate, *door, token, gate) for _ in range(PEOPLE)]
        told = Counter(one.result(LIMIT) for one in rush)
    assert told == {Told(303, "/en/my/enrolments"): PEOPLE}
    db.session.rollback()
    assert db.session.scalar(select(func.count()).select_from(Enrolment)) == 1
    assert db.session.scalars(select(Run.taken)).all() == [1]


def test_as_many_come_as_go_at_once_and_no_place_is_idle_or_taken_twice(app: Flask) -> None:
    run = make_run(replace(OPEN, capacity=CROWD // 2))
    tokens = [signed_in(number) for number in range(2 * CROWD)]
    for number in range(CROWD):
        enrol(person(number), run)
    gate = Barrier(2 * CROWD)
    with serving(app.config["SETTINGS"]) as site, ThreadPoolExecutor(2 * CROWD) as pool:
        doors = ["withdrawal"] * CROWD + ["enrolment"] * CROWD
        rush = [
            pool.submit(press_at_the_gate, site.host, f"/en/runs/{run}/{door}", token, gate)
            for door, token in zip(doors, tokens, strict=True)
        ]
        told = Counter(one.result(LIMIT) for one in rush)
    assert told == {Told(303, "/en/learn"): CROWD, Told(303, "/en/my/enrolments"): CROWD}
    assert standings() == {
        Standing.WITHDRAWN: CROWD,
        Standing.ENROLLED: CROWD // 2,
        Standing.WAITING: CROWD // 2,
    }
    assert db.session.scalars(select(Run.taken)).all() == [CROWD // 2]
    inside = select(Enrolment.person_id).where(Enrolment.standing == Standing.ENROLLED)
    came = {person(number).id for number in range(CROWD, 2 * CROWD)}
    assert set(db.session.scalars(inside)) <= came
