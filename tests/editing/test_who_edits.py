"""Who may not edit an offer: other roles, and other institutions."""

from __future__ import annotations

import pytest
from flask import Flask
from sqlalchemy import select

from academy.db import db
from academy.institutions.models import MemberRole
from courses.catalogue.models import Offer
from tests.editor import DESK, EDIT
from tests.making import make_offer
from tests.staff import make_member
from tests.visiting import Visitor

PAGES = ("", "/preview", "/difference", "/history", "/withdraw")
ACTS = ("", "/both", "/publish", "/discard", "/withdraw", "/bring-back", "/restore")


@pytest.mark.parametrize("role", [MemberRole.FACILITATOR, MemberRole.REPORTER])
def test_who_does_not_edit_reaches_nothing_of_it(app: Flask, role: MemberRole) -> None:
    make_offer()
    visitor = Visitor(app, make_member(role))
    got = [visitor.get(f"{EDIT}{page}").status_code for page in PAGES]
    got += [visitor.get(f"{DESK}/{page}").status_code for page in ("offers", "begin")]
    sent = [visitor.post(f"{EDIT}{act}").status_code for act in ACTS]
    sent.append(visitor.post(f"{DESK}/begin", title="x", language="en").status_code)
    assert set(got + sent) == {403}


def test_another_institution_s_editor_reaches_nothing_of_it(app: Flask) -> None:
    make_offer()
    person = make_member(institution="hill-school", email="hill@example.org")
    visitor = Visitor(app, person)
    assert {visitor.get(f"{EDIT}{page}").status_code for page in PAGES} == {403}
    theirs = EDIT.replace("river", "hill")
    assert {visitor.get(f"{theirs}{page}").status_code for page in PAGES} == {404}
    assert {visitor.post(f"{theirs}{act}").status_code for act in ACTS} == {404}
    visible = db.session.scalars(select(Offer.state)).all()
    assert visible == ["published"]
