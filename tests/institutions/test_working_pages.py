"""The pages about working for an institution: what they do, and to whom they say no."""

from __future__ import annotations

import re

import pytest
from flask import Flask

from academy.accounts.models import Person
from academy.db import db, unit_of_work
from academy.institutions import waiting
from academy.institutions.models import MemberRole
from academy.institutions.queries import institution_by_slug
from tests.invited import RIVER, invitations_sent, invite, make_place, make_steward, role_of
from tests.making import NOW, make_person
from tests.staff import make_member
from tests.visiting import Visitor

OWNER, EDITOR = MemberRole.OWNER, MemberRole.EDITOR
PEOPLE = f"/en/institutions/{RIVER}/desk/people"
WORK = "/en/my/roles"


@pytest.fixture
def owner(app: Flask) -> Person:
    """Who owns the River School."""
    return make_member(OWNER, email="owner@example.org")


@pytest.fixture
def bob(app: Flask) -> Person:
    """Somebody with an account."""
    return make_person("bob@example.org", name="Bob")


def said(page: str) -> str:
    """Give the words of a page, without its markup."""
    return " ".join(re.sub(r"<[^>]*>", " ", page.partition("<main")[2]).split())


def test_an_owner_invites_and_takes_back(app: Flask, owner: Person) -> None:
    hers = Visitor(app, owner)
    answer = hers.post(f"{PEOPLE}/invitations", email=" Bob@Example.org", role="editor")
    assert (answer.status_code, answer.location) == (303, PEOPLE)
    [sent] = invitations_sent()
    assert (sent.email_key, sent.role) == ("bob@example.org", EDITOR)
    assert "Bob@Example.org" in said(hers.page(PEOPLE))
    assert hers.post(f"{PEOPLE}/invitations/{sent.reference}/again").status_code == 303
    assert [one.revoked_at is None for one in invitations_sent()] == [False, True]
    second = invitations_sent()[1].reference
    assert hers.post(f"{PEOPLE}/invitations/{second}/withdraw").status_code == 303
    assert [one.revoked_at is None for one in invitations_sent()] == [False, False]


@pytest.mark.parametrize(
    ("sent", "sentence"),
    [
        ({"email": "bob", "role": "editor"}, "Write the address as in name@example.org."),
        ({"email": "bob@example.org"}, "Please answer this."),
        ({"email": "bob@example.org", "role": "steward"}, "Please answer this."),
        (
            {"email": "owner@example.org", "role": "owner"},
            "This person works here in this role already.",
        ),
    ],
)
def test_what_cannot_be_sent_is_shown_again_with_the_reason(
    app: Flask, owner: Person, sent: dict[str, str], sentence: str
) -> None:
    answer = Visitor(app, owner).post(f"{PEOPLE}/invitations", **sent)
    page = answer.get_data(as_text=True)
    assert answer.status_code == 422
    assert said(page).count(sentence) == 2
    assert f'value="{sent["email"]}"' in page
    assert invitations_sent() == []


def test_28_editors_and_strangers_can_neither_look_nor_act(
    app: Flask, owner: Person, bob: Person
) -> None:
    edi = make_member(EDITOR)
    acts = (
        *("invitations", "invitations/x/again", "invitations/x/withdraw"),
        *(f"{owner.reference}/role", f"{owner.reference}/remove"),
    )
    for person in (edi, bob):
        theirs = Visitor(app, person)
        assert theirs.get(PEOPLE).status_code == 403
        told = [theirs.post(f"{PEOPLE}/{act}", role="owner").status_code for act in acts]
        assert told == [403] * len(acts)
    assert Visitor(app).get(PEOPLE).status_code == 303
    assert role_of(owner) is OWNER


def test_35_an_owner_elsewhere_reaches_nothing_here(app: Flask, owner: Person, bob: Person) -> None:
    hill = make_member(OWNER, institution="hill-school", email="hill@example.org")
    invite("bob@example.org", by=owner)
    [sent] = invitations_sent()
    theirs = Visitor(app, hill)
    elsewhere = PEOPLE.replace(RIVER, "hill-school")
    for act in (f"invitations/{sent.reference}/withdraw", f"{owner.reference}/remove"):
        assert theirs.post(f"{PEOPLE}/{act}").status_code == 403
        assert theirs.post(f"{elsewhere}/{act}").status_code == 404
    assert (role_of(owner), invitations_sent()[0].revoked_at) == (OWNER, None)


def test_29_a_removed_member_is_out_with_the_next_request(app: Flask, owner: Person) -> None:
    second = make_member(OWNER, email="second@example.org")
    theirs = Visitor(app, second)
    assert theirs.get(PEOPLE).status_code == 200
    assert Visitor(app, owner).post(f"{PEOPLE}/{second.reference}/remove").status_code == 303
    assert theirs.get(PEOPLE).status_code == 403
    assert theirs.post(f"{PEOPLE}/{owner.reference}/remove").status_code == 403


def test_a_role_is_changed_on_the_page(app: Flask, owner: Person) -> None:
    edi = make_member(EDITOR)
    hers = Visitor(app, owner)
    assert hers.post(f"{PEOPLE}/{edi.reference}/role", role="reporter").status_code == 303
    assert role_of(edi) is MemberRole.REPORTER
    assert hers.post(f"{PEOPLE}/{edi.reference}/role", role="owner").status_code == 303
    assert "Edi is asked by mail, and becomes an owner on saying yes." in said(hers.page(PEOPLE))
    assert (role_of(edi), invitations_sent()[0].role) == (MemberRole.REPORTER, OWNER)


def test_the_last_owner_is_told_why_they_cannot_go(app: Flask, owner: Person) -> None:
    hers = Visitor(app, owner)
    for path in (f"{PEOPLE}/{owner.reference}/remove", f"{WORK}/{RIVER}/leave"):
        answer = hers.post(path)
        assert answer.status_code == 409
        assert "An institution keeps at least one owner." in said(answer.get_data(as_text=True))
    assert role_of(owner) is OWNER


def test_an_invitation_is_looked_at_without_being_used(
    app: Flask, owner: Person, bob: Person
) -> None:
    secret = invite("bob@example.org", by=owner)
    way = f"/en/invitations/{secret}"
    for visitor in (Visitor(app), Visitor(app, bob)):
        answer = visitor.get(way)
        assert answer.status_code == 200
        assert "You are invited to work for River School" in said(answer.get_data(as_text=True))
        assert answer.headers["Cache-Control"] == "private, no-store"
    assert role_of(bob) is None
    his = Visitor(app, bob)
    assert his.post(f"{way}/accept").location == WORK
    assert "Welcome. You now work for River School." in said(his.page(WORK))
    assert role_of(bob) is EDITOR
    assert his.get(way).status_code == his.post(f"{way}/accept").status_code == 410


def test_who_has_not_signed_in_is_led_back_to_the_invitation(app: Flask, owner: Person) -> None:
    way = f"/en/invitations/{invite('bob@example.org', by=owner)}"
    page = Visitor(app).page(way)
    assert f'href="/en/sign-in?next={way}"' in page
    assert f'href="/en/sign-up?next={way}"' in page
    assert Visitor(app).post(f"{way}/accept").status_code == 303


def test_an_invitation_for_another_is_one_clear_sentence(app: Flask, owner: Person) -> None:
    way = f"/en/invitations/{invite('bob@example.org', by=owner)}"
    eve = make_person("eve@example.org", name="Eve")
    hers = Visitor(app, eve)
    for answer in (hers.get(way), hers.post(f"{way}/accept")):
        assert answer.status_code == 403
        told = said(answer.get_data(as_text=True))
        assert "This invitation is for another address than that of your account." in told
        assert "bob@example.org" not in told
    assert role_of(eve) is None


def test_an_invitation_whose_sender_decides_no_more_says_whom_to_ask(
    app: Flask, owner: Person, bob: Person
) -> None:
    way = f"/en/invitations/{invite('bob@example.org', by=owner)}"
    with unit_of_work():
        db.session.get_one(Person, owner.id).blocked_at = NOW
    for visitor in (Visitor(app), Visitor(app, bob)):
        answer = visitor.get(way)
        told = said(answer.get_data(as_text=True))
        assert (answer.status_code, told.count("This invitation no longer holds:")) == (410, 1)
        assert told.count("Ask an owner of the institution, or a steward of the academy,") == 1
    assert Visitor(app, bob).post(f"{way}/accept").status_code == 410
    assert role_of(bob) is None


def test_somebody_says_for_whom_they_work(app: Flask, bob: Person) -> None:
    make_place(RIVER, name="École de la Rivière")
    make_place("hill-school", name="Hill School")
    his = Visitor(app, bob)
    assert 'name="institution"' not in his.page(WORK)
    found = his.page(f"{WORK}?q=ecole+RIVIERE")
    assert re.findall(r'name="institution" value="([^"]+)"', found) == [RIVER, "-"]
    sent = {"institution": RIVER, "role": "editor", "message": "I teach\u202e here."}
    assert his.post(f"{WORK}/requests", **sent).status_code == 303
    [asked] = waiting.requests_of(bob)
    assert (asked.role, asked.message, asked.institution) == (
        *(EDITOR, "I teach here."),
        institution_by_slug(RIVER),
    )
    assert "Waits for an answer" in said(his.page(WORK))


@pytest.mark.parametrize(
    ("sent", "status"),
    [
        ({"institution": "-", "role": "editor"}, 422),
        ({"institution": "-", "role": "editor", "name": "\u200b"}, 422),
        ({"institution": "-", "role": "boss", "name": "Lake School"}, 422),
        ({"role": "editor"}, 422),
        ({"institution": "nowhere", "role": "editor"}, 404),
    ],
)
def test_what_is_not_said_is_asked_again(
    app: Flask, bob: Person, sent: dict[str, str], status: int
) -> None:
    assert Visitor(app, bob).post(f"{WORK}/requests", **sent).status_code == status
    assert waiting.requests_of(bob) == []


def test_a_member_leaves(app: Flask, owner: Person) -> None:
    edi = make_member(EDITOR)
    theirs = Visitor(app, edi)
    for _time in range(2):
        assert theirs.post(f"{WORK}/{RIVER}/leave").status_code == 303
    assert role_of(edi) is None


def test_a_retired_institution_has_no_desk_but_for_stewards(app: Flask, owner: Person) -> None:
    sol = make_steward()
    with unit_of_work():
        found = institution_by_slug(RIVER)
        found.agreement = type(found.agreement).RETIRED
    assert Visitor(app, owner).get(PEOPLE).status_code == 403
    assert "River School" not in said(Visitor(app, owner).page(WORK))
    assert Visitor(app, sol).get(PEOPLE).status_code == 200
    assert db.session.get_one(Person, owner.id).blocked_at is None
