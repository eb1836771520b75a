"""What those learn who watch over an academy: whether it lives, and whether it is ready."""

from __future__ import annotations

import http.client
import json
import os
import signal
from collections.abc import Callable
from datetime import timedelta
from typing import Any

from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import text

from academy.accounts.models import Steward
from academy.db import db, unit_of_work, utcnow
from academy.health import WORKER, Heartbeat, beat, findings
from courses.search.backlog import StaleOffer
from tests.making import make_offer, make_person
from tests.patience import awaited
from tests.serving import Site
from tests.visiting import Visitor

FAR = "192.0.2.7"


def checks(app: Flask) -> dict[str, dict[str, Any]]:
    """Ask from this machine and give the details."""
    told = app.test_client().get("/readyz").json
    assert told is not None
    found: dict[str, dict[str, Any]] = told["checks"]
    return found


def test_a_process_lives_even_without_its_database(app: Flask, client: FlaskClient) -> None:
    with unit_of_work():
        db.session.execute(text("DROP TABLE alembic_version"))
    alive = client.get("/healthz")
    assert (alive.status_code, alive.json) == (200, {"status": "alive"})
    assert alive.headers["Cache-Control"] == "no-store"
    assert "Set-Cookie" not in alive.headers
    assert client.get("/readyz").status_code == 503


def test_it_is_ready_while_the_worker_beats(app: Flask, client: FlaskClient) -> None:
    silent = client.get("/readyz")
    assert (silent.status_code, silent.json and silent.json["status"]) == (503, "not ready")

    with unit_of_work():
        beat(WORKER, now=utcnow(), details={})
    ready = client.get("/readyz")
    assert (ready.status_code, ready.json and ready.json["status"]) == (200, "ready")
    assert "Set-Cookie" not in ready.headers

    with unit_of_work():
        beat(WORKER, now=utcnow() - timedelta(seconds=31), details={})
    assert client.get("/readyz").status_code == 503
    assert checks(app)["worker"]["beat_seconds_ago"] == 31


def test_the_details_are_for_those_who_operate_it(academy: Callable[..., Flask]) -> None:
    behind = academy(proxy_hops=1)
    with behind.app_context():
        person = make_person()
        visitor, other = Visitor(behind, person), Visitor(behind)
        for asking in (visitor, other):
            assert asking.get("/readyz", X_Forwarded_For=FAR).json == {"status": "not ready"}
        with unit_of_work():
            db.session.merge(person).steward = Steward.ALL
        told = visitor.get("/readyz", X_Forwarded_For=FAR).json
        near = other.get("/readyz").json
    assert told is not None
    assert near is not None
    assert set(told["checks"]) == {
        "database",
        "worker",
        "mails",
        "disk",
        "backups",
        "index",
        "meaning",
    }
    assert set(near["checks"]) == set(told["checks"])


def test_the_lag_of_the_index_is_the_age_of_what_it_has_not_looked_at(app: Flask) -> None:
    assert checks(app)["index"] == {
        "well": True,
        "needed": False,
        "waiting": 0,
        "lag_seconds": None,
    }
    make_offer()
    marked = db.session.query(StaleOffer).order_by(StaleOffer.id).first()
    assert marked is not None
    assert marked.marked_at is not None
    later = marked.marked_at + timedelta(minutes=6)
    [index] = [one for one in findings(later) if one.name == "index"]
    assert (index.well, index.details["lag_seconds"]) == (False, 360)


def test_a_database_that_does_not_answer_is_told_in_time(app: Flask) -> None:
    with unit_of_work():
        db.session.execute(text("DROP TABLE heartbeats"))
    found = checks(app)
    assert found["database"] == {"well": False, "needed": True, "error": "OperationalError"}


def ask(host: str, path: str) -> tuple[int, dict[str, Any]]:
    """Ask the real server."""
    connection = http.client.HTTPConnection(host, timeout=30)
    connection.request("GET", path)
    answer = connection.getresponse()
    told: dict[str, Any] = json.loads(answer.read())
    connection.close()
    return answer.status, told


def wait_for(host: str, status: int) -> dict[str, Any]:
    """Ask until the answer has this status."""

    def asked() -> dict[str, Any] | None:
        found, told = ask(host, "/readyz")
        return told if found == status else None

    return awaited(asked, f"never {status}")


def test_the_worker_beats_and_a_worker_that_ends_in_peace_says_so(site: Site) -> None:
    told = wait_for(site.host, 200)
    assert told["checks"]["database"]["well"] is True
    assert told["checks"]["worker"]["beat_seconds_ago"] < 30
    os.kill(site.worker, signal.SIGTERM)
    gone = wait_for(site.host, 503)
    assert gone["checks"]["worker"] == {"well": False, "needed": True, "beat_seconds_ago": None}


def test_a_worker_that_was_killed_is_missed_after_half_a_minute(
    site: Site, demonstration: Flask
) -> None:
    wait_for(site.host, 200)
    os.kill(site.worker, signal.SIGKILL)
    with demonstration.app_context():
        beat_at = db.session.get_one(Heartbeat, WORKER).beat_at
        [worker] = [one for one in findings(beat_at + timedelta(seconds=30)) if one.name == WORKER]
    assert (worker.well, worker.needed) == (False, True)
