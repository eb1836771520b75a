"""An academy with everybody in it who may be let in or not, and one thing of each kind."""

from __future__ import annotations

import re
import sqlite3
from datetime import datetime, timedelta
from typing import Any

from flask import Flask
from sqlalchemy import select
from werkzeug.test import TestResponse

from academy.accounts import operations as accounts
from academy.accounts.models import Person, PersonSession
from academy.announcements.operations import Content, announce
from academy.config import Settings
from academy.db import db, unit_of_work, utcnow
from academy.institutions import requests
from academy.institutions.models import Invitation, MemberRole
from academy.institutions.queries import institution_by_slug
from academy.notices.models import Notice
from academy.tokens.models import ApiToken
from academy.tokens.operations import make_api_token
from academy.tokens.rules import SCOPES
from courses.catalogue.queries import run_by_reference
from courses.catalogue.runs import Meeting
from courses.editing import operations as editing
from courses.editing.queries import offer_at
from courses.feedback.concerns import Telling, tell_concern
from courses.feedback.models import ConcernKind
from courses.saving import operations as saving
from courses.uploads import operations as uploads
from courses.uploads.sheet import sheet
from tests.house.permissions import PRINCIPALS
from tests.invited import invite, make_place, make_steward
from tests.making import make_person
from tests.meeting import HOUR, webinar
from tests.merged import twins
from tests.read_sources import held_source
from tests.staff import make_member
from tests.suggested import suggest
from tests.taking_part import enrol, review

HERE, THERE = "river-school", "hill-school"
ROLES = {role.value: role for role in MemberRole}
SHEET = b"title,kind,language,cost\nWells,course,English,free\nRoads,course,English,perhaps\n"
SAID = {
    "POST /<language:lang>/my/saved": {"save": "water-live"},
    "POST /<language:lang>/enrolments/<reference>/progress": {"progress": "finished"},
    "POST /<language:lang>/progress/<token>": {"progress": "finished"},
    "POST /<language:lang>/secretariat/reviews/<reference>/hide": {"reason": "Not about this."},
    "POST /<language:lang>/secretariat/sources/<reference>/pause": {"reason": "It is slow."},
    "POST /<language:lang>/secretariat/topics/<slug>/confirm": {"terms": "housing"},
    "POST /<language:lang>/secretariat/topics/<slug>/refuse": {"terms": "housing"},
    "POST /<language:lang>/institutions/<institution>/desk/offers/<slug>/restore": {"number": "1"},
    "POST /<language:lang>/institutions/<institution>/desk/people/<person>/role": {
        "role": "reporter"
    },
}
"""What forms say where an empty one is turned away before it is looked whose thing it is."""

ALIKE = {
    "<vocabulary>": "issue",
    "/regions/<code>": "KE",
    "/sdgs/<code>": "11",
    "/methodologies/<code>": "mooc",
    "<code>": "water",
    "<name>": "issue",
    "/institutions/<slug>": HERE,
    "<secret>": "invented",
    "<token>": "invented",
    "<path:filename>": "academy.css",
    "<language:lang>": "en",
}
TOKEN = re.compile(r'name="csrf_token" value="([^"]+)"')


def make_everybody() -> dict[str, Person]:
    """Make two institutions and a person of each kind; a context is open."""
    make_place(HERE, section="africa")
    make_place(THERE, section="asia")
    people = {"learner": make_person("learner@example.org")}
    for name, role in ROLES.items():
        people[name] = make_member(role, institution=HERE, email=f"{name}@example.org")
    owns = MemberRole.OWNER
    people["owner elsewhere"] = make_member(owns, institution=THERE, email="there@example.org")
    for name, section in zip(PRINCIPALS[-3:], ("africa", "asia", None), strict=True):
        email = f"{name.replace(' ', '-')}@example.org"
        people[name] = make_steward(email, section=section)
    return people


def make_things(people: dict[str, Person]) -> dict[str, str]:
    """Make one thing of each kind; gives what stands in its address, by where it stands."""
    learner, now = people["learner"], utcnow()
    run = webinar(now, address="https://example.org/water")
    taken = enrol(learner, run, now=now - 24 * HOUR)
    said = review(learner, run, now=now)
    invite("new@example.org", by=people["owner"], now=now)
    with unit_of_work():
        made = _made(people, run, now)
    return {
        **ALIKE,
        **twins(HERE),
        **made,
        **held_source(people["owner"], people["steward of all"]),
        "/runs/<reference>": run,
        "/participants/<reference>": run,
        "/enrolments/<reference>": taken.reference,
        "/sessions/<reference>": _one(select(PersonSession.reference).filter_by(agent="elsewhere")),
        "/tokens/<reference>": _one(select(ApiToken.reference)),
        "/mails/<reference>": _one(select(Notice.reference).order_by(Notice.id).limit(1)),
        "/secretariat/people/<reference>": learner.reference,
        "/reviews/<reference>": said.reference,
        "/invitations/<reference>": _one(select(Invitation.reference)),
        "/people/<person>": people["reporter"].reference,
        "/facilitators/<person>": people["facilitator"].reference,
        "/meetings/<uid>": _one(select(Meeting.uid)),
    }


def _made(people: dict[str, Person], run: str, now: datetime) -> dict[str, str]:
    learner = people["learner"]
    place, offer = institution_by_slug(HERE), run_by_reference(run).offer
    telling = Telling(ConcernKind.DEAD_LINK, "It leads nowhere.", "en")
    saving.save_offer(learner, offer, now=now)
    suggest(offer, "housing")
    owner = db.session.get_one(Person, people["owner"].id)
    for change in (editing.withdraw, editing.bring_back):
        change(offer_at(place, offer.slug), person=owner, now=now)
    steward = db.session.get_one(Person, people["steward of all"].id)
    given = uploads.Given("wells.csv", SHEET, sheet(SHEET))
    accounts.start_session(learner, agent="elsewhere", days=1, now=now)
    make_api_token(learner, "Mine", scopes=["reviews"], lasts=timedelta(days=1), now=now)
    made: dict[str, Any] = {
        "/concerns/<reference>": tell_concern(offer, telling, by=learner, now=now),
        "/searches/<reference>": saving.save_search(learner, "q=water", "Water", now=now),
        "/requests/<reference>": requests.ask(learner, place, MemberRole.REPORTER, now=now),
        "/announcements/<reference>": announce(Content({"en": "Hello"}, now), by=steward, now=now),
        "/uploads/<reference>": uploads.check(place, given, person=owner, now=now),
    }
    return {"<slug>": offer.slug, **{where: one.reference for where, one in made.items()}}


def _one(found: Any) -> str:
    return str(db.session.scalars(found).one())


class Everybody:
    """Everybody at their browsers and with their programs; no context is open.

    What a request has changed is put back before the next.
    """

    def __init__(self, app: Flask) -> None:
        self.app = app
        self.cookies: dict[str, str] = {"visitor": ""}
        self.bearers: dict[tuple[str, bool], str] = {}
        with app.app_context():
            people = make_everybody()
            self.things = make_things(people)
            for name, person in people.items():
                self._let_in(name, person.id)
        self.tokens = {name: self._form_token(name) for name in PRINCIPALS}
        for bearer in self.bearers.values():
            self._send("GET", "/api/v1/me", "", secret=bearer)
        settings: Settings = app.config["SETTINGS"]
        path = settings.database.rpartition("sqlite:///")[2]
        self._live = sqlite3.connect(path)
        self._kept = sqlite3.connect(":memory:")
        self._live.backup(self._kept)
        self._seen = self._version()

    def _let_in(self, name: str, key: int) -> None:
        now, day = utcnow(), timedelta(days=1)
        with unit_of_work():
            person = db.session.get_one(Person, key)
            secret = accounts.start_session(person, agent="a test", days=1, now=now)
            self.cookies[name] = f"academy={secret}"
            for good in (True, False):
                scopes = SCOPES if good else ()
                made = make_api_token(person, "A test", scopes=scopes, lasts=day, now=now)
                self.bearers[name, good] = made

    def _form_token(self, name: str) -> str:
        answer = self._send("GET", "/en/sign-in", self.cookies[name])
        given = [one.partition(";")[0] for one in answer.headers.getlist("Set-Cookie")]
        self.cookies[name] = "; ".join(filter(None, [self.cookies[name], *given]))
        found = TOKEN.search(answer.text)
        assert found is not None
        return found.group(1)

    def address(self, rule: str, institution: str = HERE) -> str:
        """Give the address of a thing there is, for a route."""
        address = rule.replace("<institution>", institution)
        for place, thing in self.things.items():
            before, _slash, after = place.rpartition("/")
            kept = f"{before}/" if after.startswith("<") and before else ""
            address = address.replace(place, kept + thing)
        assert "<" not in address, f"{rule}: name a thing for it in tests/house/everyone.py"
        return address

    def by_cookie(self, name: str, method: str, rule: str, institution: str) -> TestResponse:
        """Ask as somebody's browser does: with the cookie, and the token of a form."""
        fields = {"csrf_token": self.tokens[name]} | SAID.get(f"{method} {rule}", {})
        return self._send(method, self.address(rule, institution), self.cookies[name], fields)

    def by_bearer(
        self, name: str, method: str, rule: str, institution: str, *, scopes: bool
    ) -> TestResponse:
        """Ask as somebody's program does: with a token that is good for all, or for nothing."""
        fields = {"csrf_token": self.tokens["visitor"]} | SAID.get(f"{method} {rule}", {})
        address, secret = self.address(rule, institution), self.bearers.get((name, scopes))
        return self._send(method, address, self.cookies["visitor"], fields, secret)

    def _send(
        self,
        method: str,
        path: str,
        cookie: str,
        fields: dict[str, str] | None = None,
        secret: str | None = None,
    ) -> TestResponse:
        client = self.app.test_client(use_cookies=False)
        told: dict[str, Any] = {"data": fields if method == "POST" else None}
        headers = {"Cookie": cookie}
        if secret:
            headers["Authorization"] = f"Bearer {secret}"
        if path.startswith("/api/") and method != "GET":
            told = {"json": {}}
            headers["Idempotency-Key"] = f"{method} {path}"
        return client.open(path, method=method, headers=headers, **told)

    def changed(self) -> bool:
        """Tell whether the last request wrote anything, and put back what was."""
        if self._version() == self._seen:
            return False
        self._kept.backup(self._live)
        self._live.commit()
        self._seen = self._version()
        return True

    def _version(self) -> int:
        [version] = self._live.execute("PRAGMA data_version").fetchone()
        return int(version)
