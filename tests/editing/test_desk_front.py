"""Who reaches the desk of an institution, and what its front page says."""

from __future__ import annotations

import pytest
from flask import Flask

from academy.accounts.models import Person, Steward
from academy.institutions.models import MemberRole
from tests.making import make_institution, make_person
from tests.staff import make_member
from tests.visiting import Visitor

DESK = "/en/institutions/river-school/desk"


@pytest.mark.parametrize("role", list(MemberRole))
def test_everybody_who_works_for_it_reaches_the_desk(app: Flask, role: MemberRole) -> None:
    assert Visitor(app, make_member(role)).get(DESK).status_code == 200


def test_nobody_else_reaches_the_desk(app: Flask, visitor: Visitor) -> None:
    make_institution()
    assert visitor.get(DESK).status_code == 403
    stranger = make_member(MemberRole.OWNER, institution="hill-school", email="hill@example.org")
    assert Visitor(app, stranger).get(DESK).status_code == 403
    assert Visitor(app).get(DESK).headers["Location"].startswith("/en/sign-in?next=")


def test_a_steward_reaches_the_desk(app: Flask, ana: Person) -> None:
    make_institution()
    steward = make_person("steward@example.org")
    steward.steward = Steward.ALL
    from academy.db import db

    db.session.commit()
    assert Visitor(app, steward).get(DESK).status_code == 200


def test_an_empty_desk_says_that_nothing_waits(app: Flask) -> None:
    page = Visitor(app, make_member()).page(DESK)
    assert "Nothing waits for you at the moment." in page


def test_the_menu_leads_to_the_desk_only_who_has_one(app: Flask, visitor: Visitor) -> None:
    assert "/en/my/institutions" not in visitor.page("/en/my/account")
    editor = Visitor(app, make_member())
    assert "/en/my/institutions" in editor.page("/en/my/account")
    assert editor.get("/en/my/institutions").headers["Location"] == DESK


def test_who_works_for_two_institutions_chooses(app: Flask) -> None:
    person = make_member()
    make_member(MemberRole.REPORTER, institution="hill-school", person=person)
    page = Visitor(app, person).page("/en/my/institutions")
    assert DESK in page
    assert "/en/institutions/hill-school/desk" in page
