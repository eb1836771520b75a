"""Institutions and requests for roles at the stewards' desk, each steward with what is theirs."""

from __future__ import annotations

import re

import pytest
from flask import Flask

from academy import audit
from academy.accounts.models import Person
from academy.db import db, unit_of_work
from academy.institutions import requests, waiting
from academy.institutions.models import Agreement, Institution, MemberRole, RequestState
from academy.institutions.queries import institution_by_slug
from tests.invited import RIVER, make_place, make_steward, role_of
from tests.making import NOW, make_person
from tests.staff import make_member
from tests.visiting import Visitor

PLACES = "/en/secretariat/institutions"
REQUESTS = "/en/secretariat/requests"
LAKE = {"name": "Escola do Lago", "name_language": "pt", "name_en": "Lake School", "kind": "ngo"}


@pytest.fixture
def desk(app: Flask) -> Visitor:
    """A steward of all at the desk; there is a school in Africa and one in Asia."""
    make_place(RIVER, section="uclg-africa", name="River School")
    make_place("hill-school", section="uclg-aspac", name="Hill School")
    return Visitor(app, make_steward())


@pytest.fixture
def afi(app: Flask, desk: Visitor) -> Visitor:
    """The steward of the African section at the desk."""
    return Visitor(app, make_steward("afi@example.org", section="uclg-africa"))


def place(slug: str) -> Institution:
    """Load an institution anew."""
    return institution_by_slug(slug)


def listed(page: str) -> list[str]:
    """Name the institutions a page lists."""
    return re.findall(rf'<p><a href="{PLACES}/([^"]+)"', page)


def test_each_steward_sees_the_institutions_that_are_theirs(desk: Visitor, afi: Visitor) -> None:
    assert listed(desk.page(PLACES)) == ["hill-school", RIVER]
    assert listed(desk.page(f"{PLACES}?q=HÏLL")) == ["hill-school"]
    assert listed(desk.page(f"{PLACES}?agreement=active")) == []
    assert listed(desk.page(f"{PLACES}?agreement=nonsense&page=x")) == ["hill-school", RIVER]
    assert listed(afi.page(PLACES)) == [RIVER]


def test_28_a_steward_of_another_section_can_neither_look_nor_act(
    app: Flask, desk: Visitor, afi: Visitor
) -> None:
    owner = Visitor(app, make_member(MemberRole.OWNER, institution="hill-school"))
    for theirs in (afi, owner):
        assert theirs.get(f"{PLACES}/hill-school").status_code == 403
        for act in ("", "/confirm", "/retire", "/bring-back"):
            answer = theirs.post(f"{PLACES}/hill-school{act}", reason="x", **LAKE)
            assert answer.status_code == 403, act
    assert owner.post(PLACES, **LAKE).status_code == 403
    assert place("hill-school").agreement is Agreement.MAPPED


def test_an_institution_is_put_on_the_map(desk: Visitor) -> None:
    sent = {**LAKE, "section": "uclg-africa", "country": "MZ", "city": "Maputo", "parent": RIVER}
    assert desk.post(PLACES, **sent).location == f"{PLACES}?q=Escola+do+Lago"
    made = place("escola-do-lago")
    assert (made.name, made.kind.value, made.section, made.country, made.city) == (
        *({"pt": "Escola do Lago", "en": "Lake School"}, "ngo"),
        *("uclg-africa", "MZ", "Maputo"),
    )
    assert made.parent_id == place(RIVER).id


def test_languages_are_chosen_and_institutions_above_are_offered(desk: Visitor) -> None:
    page = desk.page(f"{PLACES}/add")
    chosen = page.partition('id="f-name_language"')[2].partition("</select>")[0]
    assert '<option value="pt" lang="pt">' in chosen
    assert re.findall(r'value="([^"]*)"[^>]* selected', chosen) == ["en"]
    offered = page.partition('<datalist id="others">')[2].partition("</datalist>")[0]
    assert re.findall('value="([^"]+)"', offered) == ["hill-school", RIVER]
    own = desk.page(f"{PLACES}/{RIVER}").partition('<datalist id="others">')[2]
    assert re.findall('value="([^"]+)"', own.partition("</datalist>")[0]) == ["hill-school"]


def test_the_same_form_sent_twice_makes_one_institution(desk: Visitor) -> None:
    [mark] = re.findall(r'name="once" value="([^"]+)"', desk.page(f"{PLACES}/add"))
    for _time in range(2):
        assert desk.post(PLACES, once=mark, **LAKE).status_code == 303
    assert listed(desk.page(f"{PLACES}?q=lago")) == ["escola-do-lago"]
    assert desk.post(PLACES, **LAKE).status_code == 303
    assert len(listed(desk.page(f"{PLACES}?q=lago"))) == 2


@pytest.mark.parametrize(
    ("field", "text"),
    [
        ("name", ""),
        ("name", "\u202e"),
        ("name_language", "klingon"),
        ("kind", "school"),
        ("section", "atlantis"),
        ("country", "XX"),
        ("parent", "nowhere"),
    ],
)
def test_what_an_entry_cannot_say_is_asked_again(desk: Visitor, field: str, text: str) -> None:
    answer = desk.post(PLACES, **{**LAKE, field: text})
    assert answer.status_code == 422
    assert f'href="#f-{field}"' in answer.get_data(as_text=True)
    assert len(listed(desk.page(PLACES))) == 2


def test_a_steward_of_a_section_adds_to_that_section_and_keeps_it(afi: Visitor) -> None:
    assert afi.post(PLACES, **LAKE, section="uclg-aspac").status_code == 303
    assert place("escola-do-lago").section == "uclg-africa"
    sent = {"name": "River School", "kind": "city", "section": "uclg-aspac"}
    assert afi.post(f"{PLACES}/{RIVER}", **sent).status_code == 303
    assert (place(RIVER).section, place(RIVER).kind.value) == ("uclg-africa", "city")


def test_a_revision_keeps_names_in_other_languages_and_says_what_changed(desk: Visitor) -> None:
    with unit_of_work():
        place(RIVER).name = {"en": "River School", "sw": "Shule ya Mto"}
    form = {"name": "River School", "kind": "network", "section": "uclg-africa", "name_fr": "École"}
    assert desk.post(f"{PLACES}/{RIVER}", **form).status_code == 303
    assert place(RIVER).name == {"en": "River School", "fr": "École", "sw": "Shule ya Mto"}
    assert desk.post(f"{PLACES}/{RIVER}", **form).status_code == 303
    [entry] = audit.latest(limit=5)
    assert (entry.act, entry.fields) == ("institution-revised", ["name"])


def test_no_institution_stands_below_itself(desk: Visitor) -> None:
    form = {"name": "School", "kind": "network"}
    assert desk.post(f"{PLACES}/{RIVER}", **form, parent="hill-school").status_code == 303
    for slug in (RIVER, "hill-school"):
        assert desk.post(f"{PLACES}/hill-school", **form, parent=slug).status_code == 422
    assert place("hill-school").parent_id is None


def test_an_institution_is_confirmed_retired_and_brought_back(desk: Visitor) -> None:
    ben = make_member(MemberRole.EDITOR)
    page = f"{PLACES}/{RIVER}"
    for _time in range(2):
        assert desk.post(f"{page}/confirm").status_code == 303
    assert place(RIVER).agreement is Agreement.AGREED
    assert desk.post(f"{page}/retire", reason=" ").status_code == 422
    assert role_of(ben) is MemberRole.EDITOR
    assert desk.post(f"{page}/retire", reason="It has closed.").status_code == 303
    assert (place(RIVER).agreement, role_of(ben)) == (Agreement.RETIRED, None)
    assert "Bring it back" in desk.page(page)
    assert desk.post(f"{page}/bring-back").status_code == 303
    assert (place(RIVER).agreement, role_of(ben)) == (Agreement.AGREED, MemberRole.EDITOR)
    assert [(entry.act, entry.reason) for entry in audit.latest(limit=3)] == [
        ("institution-brought-back", ""),
        ("institution-retired", "It has closed."),
        ("institution-confirmed", ""),
    ]


def ask(person: Person, where: str, *, known: bool = True) -> str:
    """Ask for the role of an editor; returns the reference of the request."""
    person_id = person.id
    with unit_of_work():
        asking = db.session.get_one(Person, person_id)
        found = place(where) if known else where
        return requests.ask(asking, found, MemberRole.EDITOR, now=NOW).reference


def test_what_waits_is_counted_on_every_page_and_told_on_the_first(
    desk: Visitor, afi: Visitor
) -> None:
    ask(make_person(), RIVER)
    ask(make_person("ben@example.org", name="Ben"), "hill-school")
    assert 'href="/en/secretariat/requests">Requests for roles <b class="num">2</b>' in desk.page(
        PLACES
    )
    told = "1 person says for whom they work, and waits for an answer"
    assert [told in one.page("/en/secretariat") for one in (desk, afi)] == [False, True]


def test_a_request_is_granted_on_the_page(desk: Visitor) -> None:
    ana = make_person()
    page = f"{REQUESTS}/{ask(ana, RIVER)}"
    assert page in desk.page(REQUESTS)
    assert desk.post(f"{page}/grant", institution="nowhere", role="editor").status_code == 404
    assert desk.post(f"{page}/grant", institution=RIVER).status_code == 422
    assert desk.post(f"{page}/grant", institution=RIVER, role="editor").location == REQUESTS
    assert role_of(ana) is MemberRole.EDITOR
    assert desk.post(f"{page}/grant", institution=RIVER, role="owner").status_code == 409
    assert "Granted" in desk.page(page)
    assert "<select" not in desk.page(REQUESTS)


def test_a_request_is_refused_with_a_reason(app: Flask, desk: Visitor) -> None:
    ana = make_person()
    page = f"{REQUESTS}/{ask(ana, RIVER)}"
    assert desk.post(f"{page}/refuse").status_code == 422
    assert desk.post(f"{page}/refuse", reason="Nobody knows you.").status_code == 303
    [asked] = waiting.requests_of(ana)
    assert (asked.state, asked.reason) == (RequestState.REFUSED, "Nobody knows you.")
    assert "Nobody knows you." in Visitor(app, ana).page("/en/my/roles")


def test_an_unlisted_institution_is_looked_for_or_made(desk: Visitor) -> None:
    ana = make_person()
    page = f"{REQUESTS}/{ask(ana, 'School of the River', known=False)}"
    choice = r'name="institution" value="([^"]+)"'
    assert re.findall(choice, desk.page(page)) == ["-"]
    assert re.findall(choice, desk.page(f"{page}?q=river")) == [RIVER, "-"]
    assert desk.post(f"{page}/grant", institution="-", role="owner").status_code == 303
    assert role_of(ana, "school-of-the-river") is MemberRole.OWNER


def test_a_steward_of_a_section_reaches_no_request_of_another(desk: Visitor, afi: Visitor) -> None:
    ben = make_person("ben@example.org", name="Ben")
    theirs, elsewhere = ask(make_person(), RIVER), ask(ben, "hill-school")
    assert f"{REQUESTS}/{elsewhere}" not in afi.page(REQUESTS)
    assert afi.get(f"{REQUESTS}/{elsewhere}").status_code == 404
    sent = {"institution": RIVER, "role": "editor", "reason": "x"}
    for act in ("grant", "refuse"):
        assert afi.post(f"{REQUESTS}/{elsewhere}/{act}", **sent).status_code == 404
    moved = {**sent, "institution": "hill-school"}
    assert afi.post(f"{REQUESTS}/{theirs}/grant", **moved).status_code == 404
    assert afi.post(f"{REQUESTS}/{theirs}/grant", **sent).status_code == 303
    assert role_of(ben, "hill-school") is None
