"""Programs take part and publish, with a token."""

from __future__ import annotations

from collections.abc import Callable
from contextvars import Context
from datetime import timedelta

import pytest
from flask import Flask
from sqlalchemy import select
from werkzeug.test import TestResponse

from academy.accounts.models import Person
from academy.db import db, unit_of_work, utcnow
from academy.institutions.models import MemberRole
from academy.tokens.operations import revoke_all_api_tokens
from courses.catalogue.content import RunContent
from courses.catalogue.models import Offer
from courses.editing.models import OfferVersion, VersionSource
from courses.enrolment.models import Enrolment
from courses.feedback.models import Review
from tests.making import NOW, PASSWORD, make_institution, make_offer, make_person
from tests.programs import ANSWERS, FORM, OFFERS, Program, code_of, count
from tests.staff import make_member
from tests.taking_part import BEGUN, enrol, make_run, taken


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
    assert publisher.send("GET", "/api/v1/offers/rain-gardens").status_code == 410
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
    assert {code_of(one) for one in (by_cookie, in_address, revoked)} == {"token-needed"}
    assert revoked.headers["WWW-Authenticate"] == "Bearer"
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
    assert page.count('<span class="tag">publishing</span>') == 8


@pytest.mark.parametrize(
    "body",
    [
        *("[" * 200_000, '{"text": ' * 50_000, "1e999", '"x"'),
        '{"kind": "course", "texts": {"en": {"title": "\\ud800"}}}',
    ],
)
def test_hostile_json_is_refused_with_a_sentence(publisher: Program, body: str) -> None:
    sent = {"data": body, "content_type": "application/json"}
    answers = [
        publisher.send("POST", OFFERS, key="hostile", **sent),
        publisher.send("PUT", f"/api/v1/runs/{make_run()}/review", **sent),
    ]
    assert [answer.status_code in {400, 422} for answer in answers] == [True, True]
