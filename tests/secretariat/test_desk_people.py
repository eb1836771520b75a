"""The pages of people at the stewards' desk, for stewards of all alone."""

from __future__ import annotations

import re

import pytest
from flask import Flask

from academy.accounts.models import Person, Steward
from academy.db import db, unit_of_work
from academy.institutions.models import MemberRole
from tests.invited import make_steward, role_of
from tests.making import NOW, make_person
from tests.staff import make_member
from tests.visiting import Visitor

DESK = "/en/secretariat"
PEOPLE = f"{DESK}/people"


@pytest.fixture
def sol(app: Flask) -> Person:
    """A steward of the whole academy."""
    return make_steward()


@pytest.fixture
def desk(app: Flask, sol: Person) -> Visitor:
    """Sol at the desk."""
    return Visitor(app, sol)


def told(page: str) -> str:
    """Give the words of a page, without its markup."""
    return " ".join(re.sub(r"<[^>]*>", " ", page.partition("<main")[2]).split())


def here(person: Person) -> Person:
    """Load somebody anew."""
    return db.session.get_one(Person, person.id)


def test_the_way_to_the_desk_is_shown_to_stewards_alone(app: Flask, desk: Visitor) -> None:
    way = f'href="{DESK}"'
    section = Visitor(app, make_steward("afi@example.org", section="uclg-africa"))
    assert [way in one.page("/en/my/roles") for one in (desk, section)] == [True, True]
    ana = Visitor(app, make_person())
    assert way not in ana.page("/en/my/roles")
    assert ana.get(DESK).status_code == 403
    assert Visitor(app).get(DESK).location == f"/en/sign-in?next={DESK}"


def test_a_steward_of_a_section_is_shown_what_is_theirs(app: Flask, desk: Visitor) -> None:
    section = Visitor(app, make_steward("afi@example.org", section="uclg-africa"))
    ways = re.compile(rf'<li><a href="({DESK}[a-z/]*)"')
    whole, part = (set(ways.findall(one.page(DESK))) for one in (desk, section))
    assert {DESK, f"{DESK}/requests", f"{DESK}/institutions"} <= part < whole
    assert {PEOPLE, f"{DESK}/announcements", f"{DESK}/log"} <= whole - part
    told = {path: section.get(path).status_code for path in whole}
    assert told == {path: 200 if path in part else 403 for path in whole}


def test_people_are_found_by_words_of_their_name_or_address(app: Flask, desk: Visitor) -> None:
    make_person("ines@example.org", name="Inés 100%")
    make_person("ben@example.org", name="Ben")
    for words, count in (("", 3), ("INES", 1), ("example.org ben", 1), ("100%25", 1), ("%25", 1)):
        page = desk.page(f"{PEOPLE}?q={words}")
        assert page.count('<li class="stack stack--2">') == count, words


def test_somebody_is_blocked_with_a_reason_and_opened_again(app: Flask, desk: Visitor) -> None:
    ana = make_person()
    hers, page = Visitor(app, ana), f"{PEOPLE}/{ana.reference}"
    for reason in ("", " ", "\u200b"):
        refused = desk.post(f"{page}/block", reason=reason)
        assert refused.status_code == 422
        assert "Please give a reason." in told(refused.get_data(as_text=True))
    assert hers.get("/en/my/roles").status_code == 200
    assert desk.post(f"{page}/block", reason="Advertising").location == page
    assert hers.get("/en/my/roles").status_code == 303
    assert "Blocked an account" in told(desk.page(page))
    assert desk.post(f"{page}/unblock").status_code == 303
    assert here(ana).blocked_at is None
    assert hers.get("/en/my/roles").status_code == 303


def test_an_office_is_given_on_the_page(app: Flask, desk: Visitor) -> None:
    ana = make_person()
    page = f"{PEOPLE}/{ana.reference}"
    for section in ("", "atlantis"):
        refused = desk.post(f"{page}/office", office="section", section=section)
        assert refused.status_code == 422
    assert desk.post(f"{page}/office", office="section", section="uclg-africa").status_code == 303
    assert (here(ana).steward, here(ana).section) == (Steward.SECTION, "uclg-africa")
    assert "Steward of a section: UCLG Africa" in told(desk.page(page))
    assert desk.post(f"{page}/office", office="none").status_code == 303
    assert here(ana).steward is Steward.NONE
    assert desk.post(f"{page}/office", office="king").status_code == 422


def test_nobody_decides_about_their_own_account(desk: Visitor, sol: Person) -> None:
    page = f"{PEOPLE}/{sol.reference}"
    assert "This is your own account." in told(desk.page(page))
    for act, sent in (("block", {"reason": "x"}), ("office", {"office": "none"})):
        assert desk.post(f"{page}/{act}", **sent).status_code == 409
    assert here(sol).steward is Steward.ALL


def test_a_merger_is_shown_before_it_is_done(app: Flask, desk: Visitor) -> None:
    kept = make_person("kept@example.org", name="Kept")
    old = make_member(MemberRole.OWNER, email="old@example.org")
    page = f"{PEOPLE}/{old.reference}/merge"
    assert f"{page}?into={kept.reference}" in desk.page(f"{page}?q=kept")
    shown = told(desk.page(f"{page}?into={kept.reference}"))
    assert "1 role in an institution" in shown
    assert role_of(old) is MemberRole.OWNER
    answer = desk.post(page, into=kept.reference)
    assert answer.location == f"{PEOPLE}/{kept.reference}"
    assert (role_of(kept), here(old).erased_at is None) == (MemberRole.OWNER, False)
    assert desk.post(page, into=kept.reference).status_code == 409


def test_a_merger_that_cannot_be_says_why_and_has_no_button(
    app: Flask, desk: Visitor, sol: Person
) -> None:
    ana = make_person()
    page = f"{PEOPLE}/{ana.reference}/merge"
    shown = desk.page(f"{page}?into={ana.reference}")
    assert "These are one and the same account." in told(shown)
    assert "Merge them now" not in shown
    for into, status in ((ana.reference, 409), ("nobody", 404), ("", 422)):
        assert desk.post(page, into=into).status_code == status
    assert desk.post(f"{PEOPLE}/{sol.reference}/merge", into=ana.reference).status_code == 409


def test_an_erased_account_is_a_row_without_acts(app: Flask, desk: Visitor) -> None:
    ana = make_person()
    with unit_of_work():
        here(ana).erased_at = NOW
        here(ana).name = ""
    page = desk.page(f"{PEOPLE}/{ana.reference}")
    assert page.count("<form") == 1, "signing out alone"
    assert "This account was erased." in told(page)


@pytest.mark.parametrize("act", ["block", "unblock", "office", "merge"])
def test_28_who_is_no_steward_of_all_can_do_nothing(app: Flask, act: str) -> None:
    ana, ben = make_person(), make_person("ben@example.org", name="Ben")
    afi = make_steward("afi@example.org", section="uclg-africa")
    owner = make_member(MemberRole.OWNER)
    sent = {"reason": "x", "office": "all", "into": ben.reference}
    for person in (ana, afi, owner):
        theirs = Visitor(app, person)
        answer = theirs.post(f"{PEOPLE}/{ana.reference}/{act}", **sent)
        assert answer.status_code == 403
    assert (here(ana).steward, here(ana).blocked_at, here(ana).erased_at) == (
        *(Steward.NONE, None),
        None,
    )
