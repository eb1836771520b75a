"""The stewards' page of mails: what waits, what failed, one more try, a test."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta

import pytest
from flask import Flask

from academy import audit
from academy.accounts.models import Person, Steward
from academy.db import db, unit_of_work
from academy.health import beat
from academy.notices.jobs import AWAY
from academy.notices.models import Notice, NoticeState
from academy.notices.operations import notify
from tests.mailing import Post, plain
from tests.making import NOW, make_person
from tests.notices.conftest import Mailing
from tests.questions import asked_for
from tests.visiting import Visitor

DESK = "/en/secretariat/mails"
UNKNOWN = "550 5.1.1 Nobody of that name lives here"


def steward(app: Flask, kind: Steward = Steward.ALL) -> Visitor:
    """Somebody who keeps order, at their browser."""
    person = make_person(f"{kind}@example.org", name="Sam")
    with unit_of_work():
        db.session.merge(person).steward = kind
    return Visitor(app, person)


@pytest.mark.parametrize("kind", [Steward.NONE, Steward.SECTION])
def test_the_page_is_for_stewards_of_all(app: Flask, kind: Steward) -> None:
    visitor = steward(app, kind)
    assert visitor.get(DESK).status_code == 403
    assert visitor.post(f"{DESK}/test").status_code == 403
    assert visitor.post(f"{DESK}/x/again").status_code == 403


FOUND = {
    "": ["ana", "dead", "later"],
    "state=sent": ["ana"],
    "state=parked": ["dead"],
    "state=waiting": ["later"],
    "state=dropped": [],
    "state=nothing": ["ana", "dead", "later"],
    "q=ANA%40example": ["ana"],
    "q=dead@": ["dead"],
    "q=sample-work": ["dead", "later"],
    "q=%25": [],
    "q=sample-work&state=waiting": ["later"],
}


def shown_by(desk: Visitor, query: str) -> list[str]:
    """Name who is on the list that answers a question."""
    page = desk.page(f"{DESK}?{query}")
    return [name for name in ("ana", "dead", "later") if f">{name}@example.org<" in page]


def test_kinds_are_told_and_found_by_their_names(app: Flask, ana: Person) -> None:
    with unit_of_work():
        notify("password-changed", db.session.merge(ana), about="x", now=NOW, how="changed")
    desk = steward(app)
    assert "Your account · The password was changed</span>" in desk.page(DESK)
    assert "ana@example.org" in desk.page(f"{DESK}?q=Password+was")
    assert "ana@example.org" not in desk.page(f"{DESK}?q=role+ended")


def test_mails_are_found_by_state_address_and_kind(
    app: Flask, mailing: Mailing, post: Post, ana: Person
) -> None:
    post.to["dead@example.org"] = UNKNOWN
    mailing.write(ana, "sample-messages")
    mailing.write("dead@example.org", "sample-work")
    mailing.deliver_all()
    mailing.write("later@example.org", "sample-work", due_at=NOW + timedelta(days=1))
    desk = steward(app)
    assert {query: shown_by(desk, query) for query in FOUND} == FOUND
    assert UNKNOWN in desk.page(f"{DESK}?state=parked")


def test_long_lists_have_pages(app: Flask, mailing: Mailing) -> None:
    for number in range(51):
        mailing.write(f"reader{number}@example.org")
    desk = steward(app)
    assert desk.page(DESK).count("@example.org</bdi>") == 50
    assert desk.page(f"{DESK}?page=2").count("@example.org</bdi>") == 1
    assert desk.page(f"{DESK}?page=x").count("@example.org</bdi>") == 50


def test_a_mail_that_was_given_up_is_sent_again(app: Flask, mailing: Mailing, post: Post) -> None:
    post.to["dead@example.org"] = UNKNOWN
    reference = mailing.write("dead@example.org")
    mailing.deliver()
    post.to.clear()
    desk = steward(app)
    path = f"{DESK}/{reference}/again"
    assert f'action="{path}"' in desk.page(DESK)
    assert desk.post(path).status_code == 303
    [entry] = audit.latest(limit=1)
    assert (entry.act, entry.thing) == ("notice-sent-again", f"notice:{reference}")
    assert mailing.notice(reference).state is NoticeState.WAITING
    assert mailing.deliver_all(mailing.notice(reference).due_at) == [NoticeState.SENT]
    assert desk.post(path).status_code == 409
    assert desk.post(f"{DESK}/nothing/again").status_code == 404
    assert len(post.letters) == 1


def test_a_steward_tries_whether_mails_arrive(app: Flask, mailing: Mailing, post: Post) -> None:
    desk = steward(app)
    assert desk.post(f"{DESK}/test").status_code == 303
    [notice] = db.session.query(Notice)
    assert mailing.deliver(notice.due_at) is NoticeState.SENT
    assert post.recipients == ["all@example.org"]
    assert post.only()["Subject"] == "A test mail from Urban Academy"
    assert "This mail was asked for to see whether mails arrive." in plain(post.only())


def test_the_page_says_when_mails_cannot_be_sent(app: Flask) -> None:
    desk = steward(app)
    assert "Mails cannot be sent at the moment" not in desk.page(DESK)
    with unit_of_work():
        beat(AWAY, now=NOW, details={"problem": "Connection refused"})
    page = desk.page(DESK)
    assert "Mails cannot be sent at the moment" in page
    assert "Connection refused" in page


def test_the_page_says_when_mail_is_not_set_up(academy: Callable[..., Flask]) -> None:
    app = academy()
    with app.app_context():
        page = steward(app).page(DESK)
    assert "Mail is not set up: everything waits." in page


def test_the_page_asks_as_much_for_one_mail_as_for_three(
    app: Flask, mailing: Mailing, ana: Person
) -> None:
    desk = steward(app)
    mailing.write(ana)
    one = len(asked_for(desk, DESK))
    mailing.write(ana)
    mailing.write("ben@example.org")
    assert len(asked_for(desk, DESK)) == one
