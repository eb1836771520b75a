"""People who enrol through the real server, one run after the other, and what they were told."""

from __future__ import annotations

import http.client
from collections.abc import Sequence
from urllib.parse import urlencode

from academy.accounts import operations as accounts
from academy.db import unit_of_work, utcnow
from tests.making import make_person
from tests.patience import LIMIT
from tests.visiting import TOKEN

ATTEMPTS = 5


def signed_in(number: int) -> str:
    """Make a person and their session; give its secret."""
    person = make_person(f"peer{number}@example.org")
    with unit_of_work():
        return accounts.start_session(person, agent="a test", days=1, now=utcnow())


def enrol_in_all(host: str, token: str, runs: Sequence[str], told: list[tuple[str, str]]) -> None:
    """Enrol in one run after the other; whatever was acknowledged is appended."""
    connection = http.client.HTTPConnection(host, timeout=LIMIT)
    connection.request("GET", "/en/sign-in", headers={"Cookie": f"academy={token}"})
    page = connection.getresponse()
    found = TOKEN.search(page.read().decode())
    assert found is not None
    forms = (page.headers["Set-Cookie"] or "").partition(";")[0]
    form = urlencode({"csrf_token": found.group(1)})
    headers = {
        "Cookie": f"academy={token}; {forms}",
        "Content-Type": "application/x-www-form-urlencoded",
    }
    for run in runs:
        for _ in range(ATTEMPTS):
            connection.request("POST", f"/en/runs/{run}/enrolment", form, headers)
            answer = connection.getresponse()
            answer.read()
            # Whoever is asked for patience tries again.
            if answer.status != 503:
                break
        if answer.status == 303:
            told.append((token, run))
    connection.close()
