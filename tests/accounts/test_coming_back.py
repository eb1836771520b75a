"""Who was on the way to an invitation comes back to it, whichever way they sign in."""

from __future__ import annotations

from flask import Flask

from academy.db import utcnow
from academy.institutions.models import MemberRole
from tests.browsing import SIGN_IN, SIGN_UP, Browser, Reader
from tests.invited import invite
from tests.letters import confirm
from tests.making import PASSWORD
from tests.staff import make_member

ANA, BEN = "ana@example.org", "ben@example.org"


def invited(place: Flask, email: str) -> str:
    """Invite an address; gives the path of the invitation."""
    with place.app_context():
        owner = make_member(MemberRole.OWNER, email="owner@example.org")
        return f"/en/invitations/{invite(email, by=owner, now=utcnow())}"


def follow(browser: Browser, invitation: str, how: str) -> str:
    """Give where a way to sign in leads to, as the page of the invitation has it."""
    [*_header, way] = [
        one["href"]
        for one in Reader(browser.get(invitation).text).links
        if one["href"].startswith(f"{how}?next=/en/invitations/")
    ]
    return way


def test_who_makes_an_account_comes_back_to_the_invitation(place: Flask, browser: Browser) -> None:
    invitation = invited(place, BEN)
    fields = {"name": "Ben", "email": BEN, "password": "river stone lamp"}
    assert browser.send(follow(browser, invitation, SIGN_UP), fields).status_code == 303
    assert confirm(browser, place, BEN) == invitation
    assert browser.send(f"{invitation}/accept", {}, page=invitation).location == "/en/my/roles"


def test_who_signs_in_comes_back_to_the_invitation(place: Flask, browser: Browser) -> None:
    invitation = invited(place, ANA)
    fields = {"email": ANA, "password": PASSWORD}
    assert browser.send(follow(browser, invitation, SIGN_IN), fields).location == invitation
    assert browser.send(f"{invitation}/accept", {}, page=invitation).location == "/en/my/roles"
