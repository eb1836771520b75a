"""My tokens: made once, shown once, listed by their ending, revoked by their owner alone."""

from __future__ import annotations

import re
from datetime import timedelta
from hashlib import sha256

import pytest
from flask import Flask
from sqlalchemy import select

from academy.accounts.models import PersonSession
from academy.audit import AuditEntry
from academy.db import db, unit_of_work, utcnow
from academy.tokens.models import ApiToken
from tests.browsing import Browser, Reader
from tests.letters import kinds_for, letter
from tests.making import make_person

TOKENS, ANA = "/en/my/account/tokens", "ana@example.org"
SECRET = re.compile(r"ua_[A-Za-z0-9_-]{43}")
SOUND = {"name": "My script", "scopes": "reviews", "days": "30"}


def make(browser: Browser, **changes: str) -> str:
    """Make a token through the form; tells its secret."""
    answer = browser.send(TOKENS, SOUND | changes)
    assert answer.status_code == 200
    assert answer.headers["Cache-Control"] == "private, no-store"
    [secret] = SECRET.findall(answer.text)
    return str(secret)


def kept(place: Flask) -> list[ApiToken]:
    """The tokens there are."""
    with place.app_context():
        return list(db.session.scalars(select(ApiToken).order_by(ApiToken.id)))


def test_a_token_is_shown_once_and_kept_as_a_hash(place: Flask, ana: Browser) -> None:
    secret = make(ana)
    [token] = kept(place)
    assert token.token_hash == sha256(secret.encode()).hexdigest()
    assert (token.name, token.scopes, token.expires_at - token.made_at) == (
        *("My script", ["reviews"]),
        timedelta(days=30),
    )
    page = ana.get(TOKENS).text
    assert (page.count(secret), page.count(f"ua_…{secret[-4:]}")) == (0, 1)
    assert page.count("Read, write and change your feedback.") == 2
    assert page.count("Never used") == 1


def test_a_mail_and_the_log_tell_that_one_was_made(place: Flask, ana: Browser) -> None:
    secret = make(ana)
    assert kinds_for(place, ANA) == ["api-token-made"]
    mail = letter(place, "api-token-made", ANA)
    assert (mail.facts, secret in repr(mail)) == ([("Name", "My script")], False)
    with place.app_context():
        [entry] = db.session.scalars(select(AuditEntry)).all()
        assert (entry.act, entry.thing.partition(":")[0]) == ("api-token-made", "person")


def test_the_same_form_sent_twice_makes_one_token(place: Flask, ana: Browser) -> None:
    [form] = [form for form in Reader(ana.get(TOKENS).text).posts() if "once" in form.fields]
    fields = {**form.fields, **SOUND}
    answers = [ana.post(TOKENS, fields) for _time in range(2)]
    assert [answer.status_code for answer in answers] == [200, 303]
    assert ana.get(TOKENS).text.count("This form was sent twice. The token was made once.") == 1
    assert len(kept(place)) == 1


def test_what_is_refused_uses_the_mark_of_the_form_up_neither(place: Flask, ana: Browser) -> None:
    [form] = [form for form in Reader(ana.get(TOKENS).text).posts() if "once" in form.fields]
    assert ana.post(TOKENS, {**form.fields, **SOUND, "name": ""}).status_code == 422
    assert ana.post(TOKENS, {**form.fields, **SOUND}).status_code == 200
    assert len(kept(place)) == 1


@pytest.mark.parametrize(
    "changes",
    [
        *({"name": "\u200b"}, {"name": "x" * 81}, {"scopes": "everything"}),
        *({"days": "0"}, {"days": "400"}, {"days": "soon"}, {"days": ""}),
    ],
)
def test_what_cannot_be_is_said_and_nothing_is_made(
    place: Flask, ana: Browser, changes: dict[str, str]
) -> None:
    answer = ana.send(TOKENS, SOUND | changes)
    assert (answer.status_code, answer.text.count('class="error"')) == (422, 1)
    assert kept(place) == []


def test_who_signed_in_long_ago_is_asked_again_before_a_token_is_made(
    place: Flask, ana: Browser
) -> None:
    with place.app_context(), unit_of_work():
        session = db.session.scalars(select(PersonSession)).one()
        session.proved_at = utcnow() - timedelta(minutes=11)
    answer = ana.send(TOKENS, SOUND)
    assert (answer.status_code, answer.location) == (303, f"/en/my/account/prove?next={TOKENS}")
    assert kept(place) == []


def test_a_revoked_token_leaves_the_list(place: Flask, ana: Browser) -> None:
    make(ana)
    [token] = kept(place)
    way = f"{TOKENS}/{token.reference}/revoke"
    for _time in range(2):
        assert ana.post(way, {"csrf_token": ana.token(TOKENS)}).status_code == 303
    assert ana.get(TOKENS).text.count("My script") == 0
    [token] = kept(place)
    assert token.revoked_at is not None


def test_a_token_that_is_over_says_so(place: Flask, ana: Browser) -> None:
    make(ana)
    with place.app_context(), unit_of_work():
        db.session.scalars(select(ApiToken)).one().expires_at = utcnow()
    assert ana.get(TOKENS).text.count(">Expired</span>") == 1


def test_failure_30_nobody_revokes_the_token_of_somebody_else(place: Flask, ana: Browser) -> None:
    make(ana)
    with place.app_context():
        make_person("ben@example.org", name="Ben")
    ben = Browser(place)
    ben.sign_in("ben@example.org")
    [token] = kept(place)
    ben.post(f"{TOKENS}/{token.reference}/revoke", {"csrf_token": ben.token(TOKENS)})
    [token] = kept(place)
    assert token.revoked_at is None
    assert ben.get(TOKENS).text.count("My script") == 0
