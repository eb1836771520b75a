"""Every kind of mail there is: made of something that happened, and looked at."""

from __future__ import annotations

import re
from itertools import cycle

import pytest
from flask import Flask

from academy.accounts.models import Person
from academy.db import db, unit_of_work
from academy.i18n import MOUNTED
from academy.notices.composing import KINDS
from academy.notices.models import NoticeState
from academy.notices.rules import ALWAYS_SENT
from tests.mailing import HEAVIEST, Post, Shown, html, plain
from tests.notices.conftest import Mailing
from tests.notices.occasions import OCCASIONS, told_of

LAST = {"account-erased"}
"""Mails after which there is nothing left to do here."""


def test_every_kind_of_mail_has_its_occasion(app: Flask) -> None:
    assert set(KINDS) == set(OCCASIONS)


@pytest.mark.parametrize(("kind", "language"), list(zip(OCCASIONS, cycle(MOUNTED), strict=False)))
def test_a_mail_is_whole(
    mailing: Mailing, post: Post, ana: Person, kind: str, language: str
) -> None:
    with unit_of_work():
        db.session.merge(ana).language = language
    notice = told_of(kind, ana)
    reference, told, has_account = notice.reference, notice.details, notice.person_id is not None
    state = mailing.deliver()
    assert (state, mailing.notice(reference).problem) == (NoticeState.SENT, "")
    letter = post.only()
    page, text = Shown(letter), plain(letter)
    assert letter["Subject"].strip() == letter["Subject"] != ""
    assert letter["Subject"] in page.text
    assert len(text) > 100
    # Nothing was left unfilled, and no text stands where words should.
    for shown in (str(letter["Subject"]), text, html(letter)):
        assert re.search(r"%\(\w+\)s|None\b|\bLazyString|<[a-z.]+ object at", shown) is None
    elsewhere = [link for link in page.links if not link.startswith("http://localhost/")]
    assert elsewhere == []
    assert len(page.links) > (kind not in LAST)
    assert len(letter.as_bytes()) < HEAVIEST
    reads = language if has_account else "en"
    assert page.root == {"lang": reads, "dir": "rtl" if reads == "ar" else "ltr"}
    refusable = KINDS[kind].group not in ALWAYS_SENT and has_account
    assert (letter["List-Unsubscribe"] is not None) is refusable
    secrets_in_details = [value for value in told.values() if len(str(value)) > 60]
    assert secrets_in_details == []
