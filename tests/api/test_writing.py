"""Programs take part and publish, with a token."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextvars import Context
from datetime import timedelta
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import func, select
from werkzeug.test import TestResponse

from academy.accounts.models import Person
from academy.db import db, unit_of_work, utcnow
from academy.institutions.models import MemberRole
from academy.tokens.operations import make_api_token, revoke_all_api_tokens
from academy.tokens.rules import SCOPES
from courses.catalogue.content import RunContent
from courses.catalogue.models import Offer
from courses.editing.models import OfferVersion, VersionSource
from courses.enrolment.models import Enrolment
from courses.feedback.models import Review
from tests.making import NOW, PASSWORD, make_institution, make_offer, make_person
from tests.staff import make_member
from tests.taking_part import BEGUN, enrol, make_run, taken

FORM: dict[str, Any] = {
    "kind": "course",
    "language": "en",
    "texts": {"en": {"title": "Rain gardens", "description": "Water that stays."}},
    "issues": ["water"],
    "methodologies": ["self-paced"],
    "languages": {"taught": ["en"]},
    "address": "https://example.org/rain",
    "contact": "school@example.org",
    "cost": "free",
    "workload_minutes": 90,
    "runs": [{"zone": "UTC"}],
}
OFFERS = "/api/v1/institutions/river-school/offers"
ANSWERS = {"colleague": True, "city": True, "length": False, "connection": True, "text": "Good."}


class Program:
    """A program that holds a token; each request by itself, as on the real server."""

    def __init__(self, app: Flask, person: Person, scopes: Sequence[str] = SCOPES) -> None:
        self.app = app
        lasts = timedelta(days=30)
        with unit_of_work():
            holder = db.session.get_one(Person, person.id)
            self.secret = make_api_token(holder, "tests", scopes=scopes, lasts=lasts, now=utcnow())

    def send(self, method: str, path: str, key: str | None = None, **more: Any) -> TestResponse:
        """Send a request with the token, and a key if there is one."""
        headers = {"Authorization": f"Bearer {self.secret}"}
        if key is not None:
            headers["Idempotency-Key"] = key
        client = self.app.test_client()
        answer = Context().run(client.open, path, method=method, headers=headers, **more)
        db.session.rollback()
        return answer


@pytest.fixture
def program(app: Flask, ana: Person) -> Program:
    """Ana's program."""
    return Program(app, ana)


@pytest.fixture
def publisher(app: Flask) -> Program:
    """The program of somebody who edits for the river school."""
    return Program(app, make_member(MemberRole.EDITOR))


def count(table: type[Any]) -> int:
    return db.session.scalar(select(func.count()).select_from(table)) or 0


def code_of(answer: TestResponse) -> str:
    return str((answer.get_json() or {})["code"])


def test_a_program_enrols_once_and_withdraws(program: Program) -> None:
    run = make_run()

    first = program.send("PUT", f"/api/v1/runs/{run}/enrolment")
    again = program.send("PUT", f"/api/v1/runs/{run}/enrolment")
    listed = program.send("GET", "/api/v1/me/enrolments").get_json()
    gone = program.send("DELETE", f"/api/v1/runs/{run}/enrolment")

    assert (first.status_code, first.get_json()["standing"]) == (200, "enrolled")
    assert again.get_json() == first.get_json()
    assert [one["run"] for one in listed] == [run]
    assert gone.status_code == 204
    assert (count(Enrolment), taken(run)) == (1, 0)


def test_a_full_run_puts_a_program_on_the_waiting_list(program: Program) -> None:
    run = make_run(RunContent(starts_at=NOW + timedelta(days=9), capacity=1))
    enrol(make_person("first@example.org"), run)

    answer = program.send("PUT", f"/api/v1/runs/{run}/enrolment").get_json()

    assert answer["standing"] == "waiting"
    assert answer["waiting_since"] is not None


def test_a_program_says_how_it_was(program: Program, ana: Person) -> None:
    run = make_run(BEGUN)
    path = f"/api/v1/runs/{run}/review"
    early = program.send("PUT", path, json=ANSWERS)
    enrol(ana, run)

    said = program.send("PUT", path, json=ANSWERS)
    wrong = program.send("PUT", path, json={"colleague": "perhaps"})

    assert (early.status_code, code_of(early)) == (409, "may-not-review")
    assert said.get_json() == {
        **ANSWERS,
        "language": "en",
        "role": None,
        "city_size": None,
        "state": "held",
    }
    assert wrong.status_code == 422
    assert count(Review) == 1


def test_a_program_publishes_an_offer_changes_and_withdraws_it(publisher: Program) -> None:
    made = publisher.send("POST", OFFERS, key="one", json=FORM)
    where = made.headers["Location"]
    form = publisher.send("GET", where).get_json()
    form["texts"]["en"]["title"] = "Rain gardens for all"
    changed = publisher.send("PUT", where, json=form)
    kept = publisher.send("PUT", f"{where}?draft=true", json=FORM)
    live = publisher.send("GET", "/api/v1/offers/rain-gardens").get_json()
    gone = publisher.send("POST", f"{where}/withdrawal")

    assert (made.status_code, where) == (201, f"{OFFERS}/rain-gardens")
    assert changed.get_json()["texts"]["en"]["title"] == "Rain gardens for all"
    assert kept.status_code == 200
    assert live["texts"]["en"]["title"] == "Rain gardens for all"
    assert (live["workload_minutes"], live["issues"]) == (90, ["water"])
    assert gone.status_code == 204
    assert publisher.send("GET", "/api/v1/offers/rain-gardens").status_code == 404
    sources = db.session.scalars(select(OfferVersion.source).order_by(OfferVersion.id)).all()
    assert sources[:2] == [VersionSource.API, VersionSource.API]


def test_what_lacks_something_is_refused_whole(publisher: Program) -> None:
    lacking = {name: value for name, value in FORM.items() if name not in {"cost", "contact"}}

    refused = publisher.send("POST", OFFERS, key="two", json=lacking)
    without = publisher.send("POST", OFFERS, json=FORM)
    mended = publisher.send("POST", OFFERS, key="two", json=FORM)

    assert refused.status_code == 422
    assert {"cost", "contact"} <= refused.get_json()["errors"].keys()
    assert (without.status_code, code_of(without)) == (400, "idempotency-key-missing")
    assert mended.status_code == 201
    assert count(Offer) == 1


def test_a_key_gives_the_same_answer_again(publisher: Program) -> None:
    first = publisher.send("POST", OFFERS, key="three", json=FORM)
    again = publisher.send("POST", OFFERS, key="three", json=FORM)
    other = publisher.send("POST", OFFERS, key="three", json={**FORM, "cost": "paid"})

    assert (again.status_code, again.get_json()) == (201, first.get_json())
    assert again.headers["Location"] == first.headers["Location"]
    assert again.headers["Idempotency-Replayed"] == "true"
    assert (other.status_code, code_of(other)) == (422, "idempotency-key-reused")
    assert count(Offer) == 1


def test_sixteen_requests_with_one_key_make_one_offer(publisher: Program) -> None:
    def publish(_number: int) -> int:
        with publisher.app.app_context():
            return publisher.send("POST", OFFERS, key="four", json=FORM).status_code

    with ThreadPoolExecutor(8) as pool:
        answers = list(pool.map(publish, range(16)))

    assert count(Offer) == 1
    assert set(answers) <= {201, 409, 503}
    assert 201 in answers


def test_without_a_good_token_nothing_is_open(app: Flask, program: Program, ana: Person) -> None:
    run = make_run()
    path = f"/api/v1/runs/{run}/enrolment"
    client = app.test_client()
    client.post("/en/sign-in", data={"email": ana.email, "password": PASSWORD})
    by_cookie = Context().run(client.put, path)
    in_address = Context().run(client.put, f"{path}?token={program.secret}")
    with unit_of_work():
        revoke_all_api_tokens(db.session.get_one(Person, ana.id), now=utcnow())
    revoked = program.send("PUT", path)

    assert [one.status_code for one in (by_cookie, in_address, revoked)] == [401, 401, 401]
    assert count(Enrolment) == 0


@pytest.mark.parametrize("scopes", [("reviews",), ("publishing",)])
def test_a_token_is_good_for_its_scopes_alone(
    app: Flask, ana: Person, scopes: tuple[str, ...]
) -> None:
    run = make_run()

    answer = Program(app, ana, scopes).send("PUT", f"/api/v1/runs/{run}/enrolment")

    assert (answer.status_code, code_of(answer)) == (403, "wrong-scope")
    assert count(Enrolment) == 0


@pytest.mark.parametrize("role", [MemberRole.FACILITATOR, MemberRole.REPORTER])
def test_only_who_edits_publishes(app: Flask, role: MemberRole) -> None:
    answer = Program(app, make_member(role)).send("POST", OFFERS, key="five", json=FORM)

    assert answer.status_code == 403
    assert count(Offer) == 0


def test_the_offers_of_others_are_out_of_reach(publisher: Program) -> None:
    make_offer("Theirs", institution="hill-school")
    make_institution("hill-school")

    there = publisher.send("PUT", "/api/v1/institutions/hill-school/offers/theirs", json=FORM)
    here = publisher.send("PUT", f"{OFFERS}/theirs", json=FORM)

    assert (there.status_code, here.status_code) == (403, 404)


@pytest.mark.parametrize(
    "send",
    [
        lambda p: p.send("POST", OFFERS, key="six", json=[1]),
        lambda p: p.send("POST", OFFERS, key="six", data=b"{", content_type="application/json"),
        lambda p: p.send("POST", OFFERS, key="six", data=b"a=b"),
        lambda p: p.send("POST", OFFERS, key="k" * 201, json=FORM),
        lambda p: p.send("POST", OFFERS, key="six", json={"kind": {"a": 1}, "texts": 7}),
        lambda p: p.send("POST", OFFERS, key="six", json={**FORM, "runs": [{}] * 500}),
    ],
)
def test_what_is_no_offer_is_a_clear_refusal(
    publisher: Program, send: Callable[[Program], TestResponse]
) -> None:
    answer = send(publisher)

    assert answer.status_code in {400, 415, 422}
    assert answer.content_type == "application/problem+json"
    assert count(Offer) == 0


def test_the_page_for_programs_names_every_address_with_its_scope(app: Flask) -> None:
    page = app.test_client().get("/en/api").get_data(as_text=True)
    document = app.test_client().get("/api/v1/openapi.json").get_json()

    for path, operations in document["paths"].items():
        for method in operations.keys() & {"get", "post", "put", "delete"}:
            assert f"{method.upper()} {path}" in page
    assert page.count('<span class="tag">publishing</span>') == 4
