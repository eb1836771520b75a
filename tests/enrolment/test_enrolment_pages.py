"""The pages of taking part: what they do, where they lead, and how they refuse."""

from __future__ import annotations

import re
from dataclasses import replace
from datetime import timedelta

import pytest
from flask import Flask
from sqlalchemy import func, select
from werkzeug.test import TestResponse

from academy.accounts.models import Person
from academy.db import db, unit_of_work, utcnow
from courses.catalogue import operations as catalogue
from courses.catalogue.content import RunContent
from courses.catalogue.queries import run_by_reference
from courses.enrolment.models import Enrolment
from tests.making import make_person
from tests.taking_part import enrol, make_run, standing, taken, withdraw
from tests.visiting import Visitor

NEXT_WEEK = RunContent(starts_at=utcnow() + timedelta(days=7), capacity=5)
LAST_WEEK = RunContent(starts_at=utcnow() - timedelta(days=7))
PARTNER = "https://school.example/water?from=academy"
FLASH = re.compile(r'<p class="note note--ok">([^<]*)</p>')
LEAD = re.compile(r'<p class="lead">(.*?)</p>', re.DOTALL)


def led(response: TestResponse) -> tuple[int, str | None]:
    """Give the status of an answer and where it leads."""
    return response.status_code, response.headers.get("Location")


def flashed(visitor: Visitor, page: str) -> list[str]:
    """Give the messages a page shows."""
    return FLASH.findall(visitor.page(page))


def refused(response: TestResponse) -> tuple[int, str]:
    """Give the status of a refusal and its sentence."""
    found = LEAD.search(response.get_data(as_text=True))
    assert found is not None
    return response.status_code, found.group(1)


def test_enrolling_leads_to_what_happens_next(visitor: Visitor, ana: Person) -> None:
    run = make_run(NEXT_WEEK)
    answer = visitor.post(f"/en/runs/{run}/enrolment")
    mine = db.session.scalars(select(Enrolment.reference)).one()
    assert led(answer) == (303, f"/en/my/enrolments/{mine}")
    assert (standing(ana, run), taken(run)) == ("enrolled", 1)
    assert '<h1 class="mt-3">You are enrolled</h1>' in visitor.page(f"/en/my/enrolments/{mine}")


def test_pressing_the_button_twice_enrols_once(visitor: Visitor) -> None:
    run = make_run(NEXT_WEEK)
    answers = [visitor.post(f"/en/runs/{run}/enrolment").status_code for _ in range(2)]
    assert (answers, taken(run)) == ([303, 303], 1)


def test_withdrawing_leads_back_to_the_offer_and_frees_the_place(
    visitor: Visitor, ana: Person
) -> None:
    run = make_run(NEXT_WEEK)
    enrol(ana, run)
    answer = visitor.post(f"/en/runs/{run}/withdrawal")
    assert led(answer) == (303, "/en/learn/water-for-all")
    assert (standing(ana, run), taken(run)) == ("withdrawn", 0)
    told = flashed(visitor, "/en/learn/water-for-all")
    assert told == ["You have withdrawn. Your place is free again."]


def test_the_door_of_a_full_run_leads_to_the_waiting_list(visitor: Visitor, ana: Person) -> None:
    run = make_run(replace(NEXT_WEEK, capacity=1), address=PARTNER)
    enrol(make_person("ben@example.org"), run)
    answer = visitor.post(f"/en/runs/{run}/leave")
    mine = db.session.scalars(select(Enrolment).where(Enrolment.person_id == ana.id)).one()
    assert led(answer) == (303, f"/en/my/enrolments/{mine.reference}")
    assert (mine.standing, mine.left_at, taken(run)) == ("waiting", None, 1)


def test_a_run_that_is_closed_refuses(visitor: Visitor) -> None:
    closed = replace(NEXT_WEEK, enrol_until=utcnow() - timedelta(minutes=1))
    answer = visitor.post(f"/en/runs/{make_run(closed)}/enrolment")
    assert refused(answer) == (409, "Enrolment in this run is closed.")


def test_an_offer_that_was_withdrawn_refuses(visitor: Visitor) -> None:
    run = make_run(NEXT_WEEK)
    with unit_of_work():
        catalogue.withdraw(run_by_reference(run).offer, now=utcnow())
    answer = visitor.post(f"/en/runs/{run}/enrolment")
    assert refused(answer) == (409, "The institution has withdrawn this offer.")


@pytest.mark.parametrize(("language", "direction"), [("en", "ltr"), ("ar", "rtl"), ("th", "ltr")])
def test_a_refusal_comes_in_the_language_of_the_page(
    visitor: Visitor, language: str, direction: str
) -> None:
    closed = replace(NEXT_WEEK, enrol_until=utcnow() - timedelta(minutes=1))
    answer = visitor.post(f"/{language}/runs/{make_run(closed)}/enrolment")
    page = answer.get_data(as_text=True)
    assert answer.status_code == 409
    assert re.findall(r"<html[^>]*>", page) == [f'<html lang="{language}" dir="{direction}">']
    assert f'href="/{language}/"' in page


@pytest.mark.parametrize("door", ["enrolment", "leave", "withdrawal"])
def test_a_run_that_is_not_there_is_a_page_not_found(visitor: Visitor, door: str) -> None:
    assert visitor.post(f"/en/runs/nothing-here/{door}").status_code == 404


@pytest.mark.parametrize("door", ["enrolment", "leave", "withdrawal"])
def test_without_signing_in_every_door_leads_to_the_sign_in_page(app: Flask, door: str) -> None:
    run = make_run(NEXT_WEEK, address=PARTNER)
    answer = Visitor(app).post(f"/en/runs/{run}/{door}")
    assert led(answer) == (303, "/en/sign-in")
    assert (taken(run), db.session.scalar(select(func.count()).select_from(Enrolment))) == (0, 0)


@pytest.mark.parametrize("door", ["enrolment", "leave", "withdrawal"])
def test_asking_for_an_address_that_acts_changes_nothing(visitor: Visitor, door: str) -> None:
    run = make_run(NEXT_WEEK, address=PARTNER)
    assert (visitor.get(f"/en/runs/{run}/{door}").status_code, taken(run)) == (405, 0)


def test_leaving_is_recorded_and_leads_to_our_own_page(visitor: Visitor, ana: Person) -> None:
    run = make_run(NEXT_WEEK, address=PARTNER)
    answer = visitor.post(f"/en/runs/{run}/leave")
    assert led(answer) == (303, "/en/learn/water-for-all/leave")
    mine = db.session.scalars(select(Enrolment)).one()
    assert (standing(ana, run), mine.progress, mine.left_at is not None) == (
        "enrolled",
        "left",
        True,
    )


def test_the_leaving_page_names_the_site_and_goes_on_by_itself(app: Flask) -> None:
    make_run(NEXT_WEEK, address=PARTNER)
    answer = Visitor(app).get("/en/learn/water-for-all/leave")
    page = answer.get_data(as_text=True)
    assert answer.headers["Refresh"] == f"5; url={PARTNER}"
    assert answer.headers["X-Robots-Tag"] == "noindex"
    assert re.findall(r'<a class="btn" href="([^"]*)" rel="([^"]*)"', page) == [
        (PARTNER, "external nofollow")
    ]
    assert "school.example" in page


def test_an_address_in_any_script_is_left_for_in_ascii(app: Flask) -> None:
    make_run(NEXT_WEEK, address="https://مدرسة.example/مياه?س=1")
    answer = Visitor(app).get("/en/learn/water-for-all/leave")
    path = "%D9%85%D9%8A%D8%A7%D9%87?%D8%B3=1"
    assert answer.headers["Refresh"] == f"5; url=https://xn--ogblgi1g.example/{path}"


@pytest.mark.parametrize(
    "address", ["https://[school", "https://school.example:99999999/", "https://a..example/"]
)
def test_an_address_no_browser_can_go_to_is_not_kept(app: Flask, address: str) -> None:
    make_run(NEXT_WEEK, address=address)
    assert Visitor(app).get("/en/learn/water-for-all/leave").status_code == 404


def test_looking_at_the_leaving_page_records_nothing(visitor: Visitor) -> None:
    run = make_run(NEXT_WEEK, address=PARTNER)
    visitor.page("/en/learn/water-for-all/leave")
    assert (taken(run), db.session.scalar(select(func.count()).select_from(Enrolment))) == (0, 0)


def test_an_offer_without_an_address_has_no_leaving_page(visitor: Visitor) -> None:
    make_run(NEXT_WEEK)
    assert visitor.get("/en/learn/water-for-all/leave").status_code == 404


def test_saying_finished_leads_to_the_review_of_the_run(visitor: Visitor, ana: Person) -> None:
    run = make_run(LAST_WEEK)
    reference = enrol(ana, run, now=utcnow()).reference
    answer = visitor.post(f"/en/enrolments/{reference}/progress", progress="finished")
    assert led(answer) == (303, f"/en/runs/{run}/review")


def test_saying_stopped_leads_to_my_learning(visitor: Visitor, ana: Person) -> None:
    reference = enrol(ana, make_run(LAST_WEEK), now=utcnow()).reference
    answer = visitor.post(f"/en/enrolments/{reference}/progress", progress="stopped")
    assert led(answer) == (303, "/en/my")
    assert flashed(visitor, "/en/my") == ["Noted. Thank you for telling."]


def test_an_answer_nobody_offered_is_refused_and_nothing_is_kept(
    visitor: Visitor, ana: Person
) -> None:
    reference = enrol(ana, make_run(LAST_WEEK), now=utcnow()).reference
    answer = visitor.post(f"/en/enrolments/{reference}/progress", progress="graduated")
    assert answer.status_code == 422
    assert db.session.scalars(select(Enrolment.progress)).all() == [None]


def test_declaring_after_withdrawing_is_refused(visitor: Visitor, ana: Person) -> None:
    run = make_run(LAST_WEEK)
    reference = enrol(ana, run, now=utcnow()).reference
    withdraw(ana, run)
    answer = visitor.post(f"/en/enrolments/{reference}/progress", progress="finished")
    assert refused(answer) == (409, "You are not enrolled here.")


def test_the_enrolment_of_somebody_else_is_a_page_not_found(visitor: Visitor) -> None:
    ben, run = make_person("ben@example.org"), make_run(LAST_WEEK)
    reference = enrol(ben, run, now=utcnow()).reference
    answer = visitor.post(f"/en/enrolments/{reference}/progress", progress="finished")
    assert answer.status_code == 404
    assert db.session.scalars(select(Enrolment.progress)).all() == [None]
