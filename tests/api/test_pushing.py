"""Sources say what changed, and programs send records: one way into the catalogue."""

from __future__ import annotations

import base64
import hashlib
import hmac
import json
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from threading import Event
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import func, select
from werkzeug.test import TestResponse

from academy.db import db, unit_of_work, utcnow
from courses.harvesting.harvests.keeping import carry_out_next
from courses.harvesting.harvests.messages import Message, NotSigned, check_signature
from courses.harvesting.models import Harvest, HarvestState
from courses.harvesting.sentences import REASONS
from courses.sources.credentials import new_push_secret, sealed
from courses.sources.models import Source, SourceState
from tests.harvesting.courses_told import Courses
from tests.harvesting.harvested import lines, offers, record
from tests.harvesting.partner import Partner, approved, door_to, partner_serving, read
from tests.harvesting.publishing import publish
from tests.programs import Program

# The example of the specification (Standard Webhooks, libraries' common test).
KNOWN_SECRET = "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw"
KNOWN = Message(
    "msg_p5jXN8AQM9LWM0D4loKWxJek",
    "1614265330",
    "v1,g0hM9SsE+OTPJTGt/tmIKtSyZlE3uFJELVlNIOLJ1OE=",
    b'{"test": 2432232314}',
)
SENT = datetime.fromtimestamp(1614265330, UTC)
SECRET = new_push_secret()


@pytest.fixture
def partner() -> Iterator[Partner]:
    with partner_serving() as serving:
        yield serving


def test_the_example_of_the_specification_is_signed() -> None:
    check_signature(KNOWN, KNOWN_SECRET, now=SENT)
    check_signature(KNOWN, KNOWN_SECRET, now=SENT + timedelta(minutes=5))


@pytest.mark.parametrize(
    ("message", "late"),
    [
        (KNOWN, timedelta(minutes=6)),
        (KNOWN, -timedelta(minutes=6)),
        (Message(KNOWN.id, KNOWN.timestamp, KNOWN.signatures, b'{"test": 1}'), timedelta()),
        (Message("other", KNOWN.timestamp, KNOWN.signatures, KNOWN.body), timedelta()),
        (Message(KNOWN.id, "soon", KNOWN.signatures, KNOWN.body), timedelta()),
        (Message(KNOWN.id, "9" * 40, KNOWN.signatures, KNOWN.body), timedelta()),
        (Message(KNOWN.id, KNOWN.timestamp, "", KNOWN.body), timedelta()),
        (Message(KNOWN.id, KNOWN.timestamp, "v1,\xe9", KNOWN.body), timedelta()),
    ],
)
def test_what_was_not_signed_just_now_is_refused(message: Message, late: timedelta) -> None:
    with pytest.raises(NotSigned):
        check_signature(message, KNOWN_SECRET, now=SENT + late)


def keep_secret(app: Flask, source: int) -> str:
    """Give the source a secret; tells its reference."""
    with unit_of_work():
        found = db.session.get_one(Source, source)
        found.push_secret = sealed(SECRET, app.config["SETTINGS"])
        return found.reference


def send(app: Flask, reference: str, told: Any, *, name: str = "message-1") -> TestResponse:
    body, sent = json.dumps(told).encode(), str(int(utcnow().timestamp()))
    key = base64.b64decode(SECRET.removeprefix("whsec_"))
    signed = hmac.digest(key, f"{name}.{sent}.".encode() + body, hashlib.sha256)
    headers = {
        "webhook-id": name,
        "webhook-timestamp": sent,
        "webhook-signature": f"v1,AAAA v1,{base64.b64encode(signed).decode()}",
    }
    path = f"/api/v1/sources/{reference}/messages"
    return app.test_client().post(path, data=body, headers=headers)


def work(app: Flask, partner: Partner) -> Harvest:
    settings = app.config["SETTINGS"]
    done = carry_out_next(door_to(partner), settings, stop=Event(), record=True)
    assert done is not None
    db.session.expunge_all()
    return db.session.get_one(Harvest, done[0])


def test_a_message_refreshes_one_record(app: Flask, partner: Partner) -> None:
    source = approved(
        publish(partner, "schemaorg", Courses(("water", "heat", "waste"))), "schemaorg"
    )
    read(app, source, partner)
    reference = keep_secret(app, source)
    titles = {"water": "Water, once more", "heat": "Heat, once more"}
    publish(partner, "schemaorg", Courses(("water", "heat", "waste"), titles))
    partner.asked.clear()
    url = f"{partner.url}/water"
    answer = send(app, reference, {"type": "course.updated", "data": {"url": url}})
    assert (answer.status_code, answer.data) == (202, b"null\n")
    harvest = work(app, partner)
    assert (harvest.state, harvest.updated, harvest.unchanged) == (HarvestState.DONE, 1, 0)
    assert partner.paths() == ["/robots.txt", "/water"]
    assert sorted(next(iter(one.titles.values())) for one in offers().values()) == [
        "About heat",
        "About waste",
        "Water, once more",
    ]


def test_a_message_about_a_page_that_is_gone_takes_its_offer_off_the_list(
    app: Flask, partner: Partner
) -> None:
    source = approved(publish(partner, "schemaorg", Courses(("water", "heat"))), "schemaorg")
    read(app, source, partner)
    reference = keep_secret(app, source)
    partner.say("/water", b"Gone.", status=410)
    send(app, reference, {"data": {"url": f"{partner.url}/water"}})
    assert work(app, partner).vanished == 1
    hidden = {
        next(iter(one.titles.values())): one.vanished_at is not None for one in offers().values()
    }
    assert hidden == {"About water": True, "About heat": False}


def test_a_message_is_taken_once_and_from_the_source_alone(app: Flask, partner: Partner) -> None:
    source = approved(partner.say("/all", lines(record())), "jsonl")
    reference = keep_secret(app, source)
    assert send(app, reference, {}).status_code == 202
    assert send(app, reference, {}).status_code == 202
    assert db.session.scalar(select(func.count()).select_from(Harvest)) == 1
    path = f"/api/v1/sources/{reference}/messages"
    assert app.test_client().post(path, data=b"{}").status_code == 401
    assert send(app, "nobody", {}).status_code == 404
    with unit_of_work():
        db.session.get_one(Source, source).state = SourceState.PAUSED
    assert send(app, reference, {}, name="message-2").status_code == 403


def reference_of(source: int) -> str:
    db.session.rollback()
    return db.session.get_one(Source, source).reference


def test_a_program_sends_records(app: Flask, publisher: Program) -> None:
    assert app.name
    source = approved("", "jsonl", name="pushed")
    path = f"/api/v1/institutions/river-school/sources/{reference_of(source)}/records"
    told = [record("water"), record("heat"), {"title": ""}]
    first = publisher.send("POST", path, json=told)
    again = publisher.send("POST", path, data=lines(record("water")))
    counted = first.get_json()
    assert (first.status_code, counted["read"], counted["added"], counted["rejected"]) == (
        *(200, 3, 2, 1),
    )
    assert [(one["line"], one["code"]) for one in counted["findings"]][-1] == (3, "no-id")
    assert (again.get_json()["unchanged"], len(offers())) == (1, 2)


def test_half_a_character_is_taken_as_in_json_lines(app: Flask, publisher: Program) -> None:
    assert app.name
    source = approved("", "jsonl", name="pushed")
    path = f"/api/v1/institutions/river-school/sources/{reference_of(source)}/records"
    told = [record("water", title="Water \ud800 and rain")]
    taken = publisher.send("POST", path, data=json.dumps(told).encode())
    line = json.dumps(told[0]).encode()
    again = publisher.send("POST", path, data=line)
    assert (taken.status_code, taken.get_json()["added"]) == (200, 1)
    assert (again.status_code, again.get_json()["unchanged"]) == (200, 1)
    nested = publisher.send("POST", path, data=b"[" * 900 + b"]" * 900)
    assert nested.status_code == 422


def test_a_source_with_an_address_takes_no_records(app: Flask, publisher: Program) -> None:
    assert app.name
    source = approved("https://school.example/feed", "jsonl", name="fetched")
    path = f"/api/v1/institutions/river-school/sources/{reference_of(source)}/records"
    refused = publisher.send("POST", path, data=lines(record()))
    assert (refused.status_code, refused.get_json()["code"]) == (409, "read-from-address")
    assert offers() == {}


def test_a_program_is_told_why_nothing_was_taken(app: Flask, publisher: Program) -> None:
    assert app.name
    source = approved("", "jsonl", name="pushed")
    path = f"/api/v1/institutions/river-school/sources/{reference_of(source)}/records"
    empty, broken = (publisher.send("POST", path, data=one) for one in (b"", b"[{"))
    many = publisher.send("POST", path, data=b"{}\n" * 1_002)
    assert [one.status_code for one in (empty, broken, many)] == [422, 422, 422]
    with unit_of_work():
        db.session.get_one(Source, source).state = SourceState.REQUESTED
    assert publisher.send("POST", path, data=lines(record())).status_code == 403
    assert offers() == {}


def test_a_thousand_records_are_taken_and_not_one_more(app: Flask, publisher: Program) -> None:
    assert app.name
    source = approved("", "jsonl", name="pushed")
    path = f"/api/v1/institutions/river-school/sources/{reference_of(source)}/records"
    many = [record(f"r{number}") for number in range(1_001)]
    bodies = (json.dumps(many).encode(), lines(*many), lines(*many).rstrip())
    refused = [publisher.send("POST", path, data=one) for one in bodies]
    assert [(one.status_code, one.get_json()["code"]) for one in refused] == [(422, "too-much")] * 3
    assert offers() == {}
    taken = publisher.send("POST", path, data=b"\n\n" + lines(*many[:-1]))
    assert (taken.status_code, taken.get_json()["added"]) == (200, 1_000)


def test_a_body_that_cannot_be_read_is_refused_with_the_code_of_a_feed(
    app: Flask, publisher: Program
) -> None:
    assert app.name
    source = approved("", "jsonl", name="pushed")
    path = f"/api/v1/institutions/river-school/sources/{reference_of(source)}/records"
    bodies = (b"", b"[{", b"<!doctype html><html></html>")
    told = [publisher.send("POST", path, data=one).get_json() for one in bodies]
    assert [(one["code"], one["errors"][""]) for one in told] == [
        ("empty", "The file is empty."),
        ("not-json-lines", "The lines of the file are not JSON objects."),
        ("html", str(REASONS["html"])),
    ]


def test_a_byte_order_mark_before_an_array_is_passed_over(app: Flask, publisher: Program) -> None:
    assert app.name
    source = approved("", "jsonl", name="pushed")
    path = f"/api/v1/institutions/river-school/sources/{reference_of(source)}/records"
    told = "\ufeff" + json.dumps([record("water")])
    taken = publisher.send("POST", path, data=told.encode())
    assert (taken.status_code, taken.get_json()["added"]) == (200, 1)
