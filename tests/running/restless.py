"""People who enrol and withdraw without pause, and remember what they were told."""

from __future__ import annotations

import http.client
from dataclasses import dataclass, field
from random import Random
from threading import Event, Thread
from urllib.parse import urlencode, urlsplit

from tests.patience import LIMIT
from tests.visiting import TOKEN

PAUSE = 0.1
TAKEN_UP: frozenset[str | None] = frozenset(("enrolled", "waiting"))
"""How taking part may stand after enrolling: where all places are taken one waits."""

GIVEN_BACK: frozenset[str | None] = frozenset(("withdrawn",))
NEVER: frozenset[str | None] = frozenset((None,))
AWAY = (OSError, http.client.HTTPException)


@dataclass
class Restless:
    """Somebody signed in who acts at runs; `may_stand` is all that can be true of each by now.

    What was acknowledged holds; of what was asked and never answered, both ends are possible.
    """

    port: int
    session: str
    runs: list[str]
    chance: Random
    acknowledged: int = 0
    unexpected: list[str] = field(default_factory=list)
    may_stand: dict[str, frozenset[str | None]] = field(default_factory=dict)

    def begin(self, stop: Event) -> Thread:
        """Act in a thread of its own until the event is set."""
        thread = Thread(target=self._act_until, args=(stop,))
        thread.start()
        return thread

    def _act_until(self, stop: Event) -> None:
        connection = http.client.HTTPConnection("127.0.0.1", self.port, timeout=LIMIT)
        headers = form = None
        while not stop.wait(PAUSE):
            try:
                if headers is None:
                    headers, form = self._form(connection)
                self._act(connection, headers, form or "")
            except AWAY:
                connection.close()
        connection.close()

    def _form(self, connection: http.client.HTTPConnection) -> tuple[dict[str, str], str]:
        """Take the token that forms carry, with the cookie that belongs to it."""
        connection.request("GET", "/en/sign-in", headers={"Cookie": f"academy={self.session}"})
        page = connection.getresponse()
        found = TOKEN.search(page.read().decode())
        assert found is not None
        forms = (page.headers["Set-Cookie"] or "").partition(";")[0]
        headers = {
            "Cookie": f"academy={self.session}; {forms}",
            "Content-Type": "application/x-www-form-urlencoded",
        }
        return headers, urlencode({"csrf_token": found.group(1)})

    def _act(
        self, connection: http.client.HTTPConnection, headers: dict[str, str], form: str
    ) -> None:
        run = self.chance.choice(self.runs)
        stands = self.may_stand.get(run, NEVER)
        withdraws = stands != NEVER and self.chance.random() < 0.4
        then = GIVEN_BACK | (stands & NEVER) if withdraws else TAKEN_UP
        self.may_stand[run] = stands | then
        act = "withdrawal" if withdraws else "enrolment"
        connection.request("POST", f"/en/runs/{run}/{act}", form, headers)
        answer = connection.getresponse()
        answer.read()
        way = urlsplit(answer.headers["Location"] or "").path
        if answer.status == 303 and not way.endswith("/sign-in"):
            self.may_stand[run] = then
            self.acknowledged += 1
        else:
            self.unexpected.append(f"{act}: {answer.status} {way}")
