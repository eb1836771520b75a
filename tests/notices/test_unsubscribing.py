"""Saying no to mails: on a page of the account, or by the address in a mail without signing in."""

from __future__ import annotations

from urllib.parse import urlsplit

import pytest
from flask import Flask
from itsdangerous import URLSafeSerializer

from academy.accounts.models import Person
from academy.db import db, unit_of_work
from academy.notices import operations, queries
from academy.notices.models import Group, MutedGroup, NoticeState
from academy.notices.unsubscribing import signed
from tests.browsing import Browser
from tests.mailing import Post
from tests.making import KEY, NOW, make_person
from tests.notices.conftest import Mailing
from tests.visiting import Visitor

ONE_CLICK = {"List-Unsubscribe": "One-Click"}


def muted(person: Person) -> set[Group]:
    """Which groups the person gets no mails of, now."""
    db.session.rollback()
    return queries.muted_groups(person)


def path_in(post: Post) -> str:
    """The path of the address with which the one mail can be refused."""
    return urlsplit(str(post.only()["List-Unsubscribe"]).strip("<>")).path


def test_k2_a_mail_program_says_no_with_one_click(
    app: Flask, mailing: Mailing, post: Post, ana: Person
) -> None:
    mailing.write(ana, "sample-messages")
    mailing.deliver()
    answer = Browser(app).post(path_in(post), ONE_CLICK)
    assert (answer.status_code, answer.text) == (200, "")
    assert answer.headers.getlist("Set-Cookie") == []
    assert muted(ana) == {Group.MESSAGES}
    mailing.write(ana, "sample-messages")
    assert mailing.deliver() is NoticeState.DROPPED
    mailing.write(ana, "sample-reminders")
    assert mailing.deliver() is NoticeState.SENT


def test_15_looking_at_the_address_refuses_nothing(app: Flask, ana: Person) -> None:
    path = f"/en/unsubscribe/{signed(ana, Group.MESSAGES)}"
    for _time in range(2):
        answer = Browser(app).get(path)
        assert answer.status_code == 200
        assert answer.headers["Cache-Control"] == "private, no-store"
        assert 'name="robots" content="noindex' in answer.text
    assert muted(ana) == set()


def test_somebody_says_no_and_takes_it_back(app: Flask, ana: Person) -> None:
    path = f"/en/unsubscribe/{signed(ana, Group.MESSAGES)}"
    browser = Browser(app)
    answer = browser.send(path, {})
    assert (answer.status_code, answer.location) == (303, path)
    assert muted(ana) == {Group.MESSAGES}
    assert "You get no more mails of this kind" in browser.get(path).text
    answer = browser.send(f"{path}/undo", {}, page=path)
    assert (answer.status_code, answer.location) == (303, path)
    assert muted(ana) == set()


def test_saying_no_twice_is_saying_it_once(app: Flask, ana: Person) -> None:
    path = f"/en/unsubscribe/{signed(ana, Group.MESSAGES)}"
    answers = [Browser(app).post(path, ONE_CLICK).status_code for _time in range(3)]
    assert answers == [200, 200, 200]
    assert db.session.query(MutedGroup).count() == 1


def test_what_was_mailed_to_an_address_that_the_account_has_left_is_over(
    app: Flask, ana: Person
) -> None:
    path = f"/en/unsubscribe/{signed(ana, Group.MESSAGES)}"
    with unit_of_work():
        found = db.session.get_one(Person, ana.id)
        found.email = found.email_key = "maria@example.org"
    browser = Browser(app)
    for answer in (browser.get(path), browser.post(path, ONE_CLICK)):
        assert (answer.status_code, answer.text.count("an address that your account has left")) == (
            410,
            1,
        )
    assert browser.post(f"{path}/undo", {}).status_code == 410
    assert muted(ana) == set()


def forged(person: Person, *, key: str = KEY, salt: str = "notices.unsubscribe") -> str:
    """An address that somebody else has made."""
    return str(URLSafeSerializer(key, salt=salt).dumps([person.reference, "messages"]))


def test_an_address_that_is_not_ours_opens_nothing(app: Flask, ana: Person) -> None:
    whole = signed(ana, Group.MESSAGES)
    tokens = [
        *(whole[:-1], whole[1:], "x", whole.replace(".", "", 1)),
        *(forged(ana, key="another key"), forged(ana, salt="another")),
        signed(ana, Group.ACCOUNT),
        str(URLSafeSerializer(KEY, salt="notices.unsubscribe").dumps({"a": 1})),
        str(URLSafeSerializer(KEY, salt="notices.unsubscribe").dumps([1, "messages"])),
    ]
    browser = Browser(app)
    for token in tokens:
        assert browser.get(f"/en/unsubscribe/{token}").status_code == 404
        assert browser.post(f"/en/unsubscribe/{token}", ONE_CLICK).status_code == 404
    assert muted(ana) == set()


def test_the_address_of_an_erased_account_opens_nothing(app: Flask, ana: Person) -> None:
    token = signed(ana, Group.MESSAGES)
    with unit_of_work():
        db.session.merge(ana).erased_at = NOW
    assert Browser(app).get(f"/en/unsubscribe/{token}").status_code == 404


def test_an_address_is_good_for_its_person_and_group_alone(app: Flask, ana: Person) -> None:
    ben = make_person("ben@example.org", name="Ben")
    Browser(app).post(f"/en/unsubscribe/{signed(ben, Group.WORK)}", ONE_CLICK)
    assert (muted(ben), muted(ana)) == ({Group.WORK}, set())


def test_the_page_keeps_what_is_chosen(visitor: Visitor, ana: Person) -> None:
    answer = visitor.post("/en/my/mails", reminders="on", work="on", account="on", nonsense="on")
    assert (answer.status_code, answer.location) == (303, "/en/my/mails")
    assert muted(ana) == {Group.TAKING_PART, Group.FEEDBACK, Group.MESSAGES}
    page = visitor.page("/en/my/mails")
    chosen = [group for group in Group if f'name="{group}" value="on" checked' in page]
    assert chosen == [Group.REMINDERS, Group.WORK]
    assert 'name="account"' not in page
    visitor.post("/en/my/mails", **{str(group): "on" for group in Group})
    assert muted(ana) == set()


def test_the_page_is_for_who_has_signed_in(app: Flask) -> None:
    browser = Browser(app)
    assert browser.get("/en/my/mails").location == "/en/sign-in?next=/en/my/mails"


@pytest.mark.parametrize(
    "path", ["/en/my/mails", "/en/my/mails/mend", "/en/secretariat/mails/test"]
)
def test_14_the_page_takes_no_form_of_another_site(
    app: Flask, visitor: Visitor, ana: Person, path: str
) -> None:
    assert visitor._client.post(path, data={}).status_code == 400
    assert muted(ana) == set()


def test_a_dead_address_is_shown_and_mended(
    visitor: Visitor, mailing: Mailing, post: Post, ana: Person
) -> None:
    with unit_of_work():
        operations.note_bounce(ana.email, "550 Nobody lives here", hard=True, now=NOW)
    assert "Mails to this address come back." in visitor.page("/en/my/account")
    page = visitor.page("/en/my/mails")
    assert "550 Nobody lives here" in page
    assert visitor.post("/en/my/mails/mend").status_code == 303
    assert "550 Nobody lives here" not in visitor.page("/en/my/mails")
    assert "Mails to this address come back." not in visitor.page("/en/my/account")
    mailing.write(ana)
    assert mailing.deliver() is NoticeState.SENT
