"""Programs that hold a token, and what they send."""

from __future__ import annotations

from collections.abc import Sequence
from contextvars import Context
from datetime import timedelta
from typing import Any

from flask import Flask
from sqlalchemy import func, select
from werkzeug.test import TestResponse

from academy.accounts.models import Person
from academy.db import db, unit_of_work, utcnow
from academy.tokens.operations import make_api_token
from academy.tokens.rules import SCOPES

FORM: dict[str, Any] = {
    "kind": "course",
    "language": "en",
    "texts": {"en": {"title": "Rain gardens", "description": "Water that stays."}},
    "issues": ["water"],
    "methodologies": ["self-paced"],
    "audiences": ["staff"],
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


def count(table: type[Any]) -> int:
    return db.session.scalar(select(func.count()).select_from(table)) or 0


def code_of(answer: TestResponse) -> str:
    return str((answer.get_json() or {})["code"])
