"""Somebody with a browser: cookies kept, forms sent with their token, each request by itself."""

from __future__ import annotations

import re
from collections.abc import Callable
from contextvars import Context
from typing import Any

from flask import Flask
from werkzeug.test import TestResponse

from academy.accounts import operations as accounts
from academy.accounts.models import Person
from academy.cookies import session_cookie
from academy.db import db, unit_of_work, utcnow

TOKEN = re.compile(r'name="csrf_token" value="([^"]+)"')


class Visitor:
    """A visitor of an academy, signed in or not; the academy's application context is open.

    Every request gets a context of its own, as on the real server: nothing that one has kept in
    `g` reaches the next, and what it has written is seen afterwards.
    """

    def __init__(self, app: Flask, person: Person | None = None) -> None:
        self._client = app.test_client()
        if person is not None:
            with unit_of_work():
                token = accounts.start_session(person, agent="a test", days=1, now=utcnow())
            self._client.set_cookie(session_cookie(), token)

    def get(self, path: str, **headers: str) -> TestResponse:
        """Ask for a page; keywords are headers, with underscores for hyphens."""
        named = {name.replace("_", "-"): value for name, value in headers.items()}
        return self._alone(self._client.get, path, headers=named)

    def post(self, path: str, **fields: str) -> TestResponse:
        """Send a form, with the token that a page with a form has given."""
        found = TOKEN.search(self.page("/en/sign-in"))
        assert found is not None
        return self._alone(self._client.post, path, data={"csrf_token": found.group(1), **fields})

    def page(self, path: str) -> str:
        """Give the text of a page that is there."""
        response = self.get(path)
        assert response.status_code == 200, f"{path}: {response.status_code}"
        return response.get_data(as_text=True)

    def _alone(self, send: Callable[..., TestResponse], path: str, **more: Any) -> TestResponse:
        answer = Context().run(send, path, **more)
        db.session.rollback()
        return answer
