"""Suggested issues at the desks of institutions and stewards: listed, confirmed, refused."""

from __future__ import annotations

import html

import pytest
from flask import Flask
from sqlalchemy import select

from academy.audit import AuditEntry
from academy.db import db, unit_of_work
from academy.institutions.models import MemberRole
from courses.catalogue.models import Offer
from courses.editing.models import OfferVersion, VersionSource
from courses.search.backlog import StaleOffer
from courses.search.find import index_folder
from courses.search.guiding.topics import SuggestedTerm, TopicState
from tests.editor import Editor
from tests.invited import make_place, make_steward
from tests.questions import asked_for
from tests.search.indexed import drained, indexed
from tests.staff import make_member
from tests.suggested import decided, issues_of, make_untagged, suggest, suggested
from tests.visiting import Visitor

DESK, KEEPERS = "/en/institutions/river-school/desk", "/en/secretariat"
HOMES = "housing-and-transport"
WAITS = "1 offer carries no issue, but its words suggest one."
NOTHING = "Nothing is left to decide there: somebody has, or the offer has changed."


@pytest.fixture
def editor(app: Flask) -> Visitor:
    """An editor of the river school, one of whose offers nobody has described."""
    make_place("river-school", section="africa")
    make_untagged("Housing and transport")
    indexed(app)
    return Visitor(app, make_member())


def read(visitor: Visitor, path: str) -> str:
    """Give a page as people read it."""
    return html.unescape(visitor.page(path))


def listed(visitor: Visitor, path: str) -> list[str]:
    """Name the offers that a page lists, by the addresses under which they are confirmed."""
    page, found = visitor.page(path), []
    for part in page.split('action="')[1:]:
        address = part.partition('"')[0].partition("?")[0]
        if address.endswith("/confirm"):
            found.append(address.split("/")[-2])
    return list(dict.fromkeys(found))


def test_the_desk_says_what_waits_and_lists_it(editor: Visitor) -> None:
    front, page = read(editor, DESK), read(editor, f"{DESK}/topics")
    assert WAITS in front
    assert WAITS in page
    assert listed(editor, f"{DESK}/topics") == [HOMES]
    assert page.count('name="terms" value="housing"') == 2
    assert page.count('name="terms" value="housing,mobility"') == 1


def test_confirming_is_editing(app: Flask, editor: Visitor) -> None:
    drained(index_folder(app))
    answer = editor.post(f"{DESK}/topics/{HOMES}/confirm", terms="housing")

    assert (answer.status_code, answer.location) == (303, f"{DESK}/topics")
    assert issues_of(HOMES) == ["housing"]
    version = db.session.scalars(select(OfferVersion)).one()
    assert (version.source, version.changes) == (
        VersionSource.HUMAN,
        {"issues": [None, ["housing"]]},
    )
    entry = db.session.scalars(select(AuditEntry)).one()
    assert (entry.act, entry.thing) == ("topic-confirmed", f"offer:{HOMES}")
    offer = db.session.scalars(select(Offer)).one()
    assert set(db.session.scalars(select(StaleOffer.offer_id))) == {offer.id}
    assert "Issues" in editor.page(f"{DESK}/offers/{HOMES}/history")


def test_the_catalogue_counts_what_was_confirmed_and_nothing_that_was_not(
    app: Flask, editor: Visitor
) -> None:
    def found() -> list[int]:
        answers = (editor.get(f"/api/v1/offers?issue={code}") for code in ("housing", "mobility"))
        return [answer.get_json()["total"] for answer in answers]

    assert found() == [0, 0]
    editor.post(f"{DESK}/topics/{HOMES}/confirm", terms="housing")
    drained(index_folder(app))
    assert found() == [1, 0]


def test_all_of_an_offer_are_confirmed_at_once(editor: Visitor) -> None:
    editor.post(f"{DESK}/topics/{HOMES}/confirm", terms="housing,mobility")
    assert sorted(issues_of(HOMES)) == ["housing", "mobility"]
    assert listed(editor, f"{DESK}/topics") == []
    assert "Nothing is to be decided." in editor.page(f"{DESK}/topics")
    assert "carries no issue" not in editor.page(DESK)


def test_what_is_refused_changes_nothing_of_the_offer(app: Flask, editor: Visitor) -> None:
    editor.post(f"{DESK}/topics/{HOMES}/refuse", terms="housing")
    assert "It will not be suggested for this offer again." in editor.page(f"{DESK}/topics")
    indexed(app)
    assert suggested(HOMES) == ["mobility"]
    assert issues_of(HOMES) == []
    assert list(db.session.scalars(select(OfferVersion))) == []
    assert db.session.scalars(select(AuditEntry.act)).all() == ["topic-refused"]


def test_of_two_at_once_the_second_is_told(app: Flask, editor: Visitor) -> None:
    other = Visitor(app, make_member(email="other@example.org"))
    editor.post(f"{DESK}/topics/{HOMES}/refuse", terms="housing")
    answer = other.post(f"{DESK}/topics/{HOMES}/confirm", terms="housing")
    assert answer.status_code == 303
    assert NOTHING in other.page(f"{DESK}/topics")
    assert issues_of(HOMES) == []
    assert decided(HOMES)[0] == ("housing", TopicState.REFUSED)


@pytest.mark.parametrize("told", ["", ",,,", "nothing", "culture", "housing" * 900, "<b>", "\x00"])
def test_what_was_not_suggested_is_not_confirmed(editor: Visitor, told: str) -> None:
    answer = editor.post(f"{DESK}/topics/{HOMES}/confirm", terms=told)
    assert answer.status_code == 303
    assert issues_of(HOMES) == []


@pytest.mark.parametrize("act", ["confirm", "refuse"])
def test_others_decide_nothing(app: Flask, editor: Visitor, act: str) -> None:
    theirs = f"/en/institutions/hill-school/desk/topics/{HOMES}/{act}"
    mine = f"{DESK}/topics/{HOMES}/{act}"
    stranger = make_member(MemberRole.OWNER, institution="hill-school", email="hill@example.org")
    visitor = Visitor(app, stranger)
    assert visitor.post(mine, terms="housing").status_code == 403
    assert visitor.post(theirs, terms="housing").status_code == 404
    for role in (MemberRole.REPORTER, MemberRole.FACILITATOR):
        person = make_member(role, email=f"{role.value}@example.org")
        assert Visitor(app, person).post(mine, terms="housing").status_code == 403
    assert visitor.post(f"{KEEPERS}/topics/{HOMES}/{act}", terms="housing").status_code == 403
    assert [state for _code, state in decided(HOMES)] == [TopicState.SUGGESTED] * 2


def test_without_the_mark_of_the_form_nothing_is_decided(app: Flask, editor: Visitor) -> None:
    answer = editor.post(f"{DESK}/topics/{HOMES}/confirm", csrf_token="", terms="housing")
    assert answer.status_code == 400
    assert issues_of(HOMES) == []


def test_a_steward_decides_for_the_institutions_of_the_section(app: Flask, editor: Visitor) -> None:
    make_place("hill-school", section="asia")
    theirs = make_untagged("Migration", institution="hill-school").slug
    indexed(app)
    africa = Visitor(app, make_steward("africa@example.org", section="africa"))
    everywhere = Visitor(app, make_steward("all@example.org"))

    assert WAITS in read(africa, KEEPERS)
    assert listed(africa, f"{KEEPERS}/topics") == [HOMES]
    assert sorted(listed(everywhere, f"{KEEPERS}/topics")) == [HOMES, theirs]
    lost = africa.post(f"{KEEPERS}/topics/{theirs}/confirm", terms="migration")
    done = africa.post(f"{KEEPERS}/topics/{HOMES}/confirm", terms="housing")
    refused = everywhere.post(f"{KEEPERS}/topics/{theirs}/refuse", terms="migration")
    assert [lost.status_code, done.status_code, refused.status_code] == [404, 303, 303]
    assert (issues_of(HOMES), issues_of(theirs)) == (["housing"], [])


def test_long_lists_have_pages_and_one_stays_where_one_was(app: Flask, editor: Visitor) -> None:
    slugs = [make_untagged(f"Lesson {number}").slug for number in range(20)]
    with unit_of_work():
        for offer in db.session.scalars(select(Offer).where(Offer.slug.in_(slugs))):
            suggest(offer, "culture")
    first, second = (listed(editor, f"{DESK}/topics?page={page}") for page in (1, 2))
    assert (len(first), len(second), len({*first, *second})) == (20, 1, 21)
    again = editor.post(f"{DESK}/topics/{first[0]}/refuse?page=2", terms="migration")
    assert again.location == f"{DESK}/topics?page=2"
    [last] = second
    left = editor.post(f"{DESK}/topics/{last}/refuse?page=2", terms="housing,mobility,culture")
    assert left.location == f"{DESK}/topics"


def test_the_list_asks_as_often_for_three_offers_as_for_one(app: Flask, editor: Visitor) -> None:
    once = asked_for(editor, f"{DESK}/topics")
    for title in ("Migration", "Culture"):
        make_untagged(title)
    indexed(app)
    assert len(listed(editor, f"{DESK}/topics")) == 3
    assert asked_for(editor, f"{DESK}/topics") == once


def test_the_form_of_an_offer_names_what_its_words_suggest(editor: Visitor) -> None:
    told = "Its words suggest: Housing, Mobility"
    assert told in read(editor, f"{DESK}/offers/{HOMES}")
    editor.post(f"{DESK}/topics/{HOMES}/refuse", terms="housing,mobility")
    assert "Its words suggest" not in editor.page(f"{DESK}/offers/{HOMES}")


def test_a_working_copy_that_waits_keeps_what_was_confirmed(app: Flask, editor: Visitor) -> None:
    path = f"{DESK}/offers/{HOMES}"
    writing = Editor(app, make_member(email="writes@example.org"))
    writing.send(writing.form(path), path, do="save", texts__en__title="Homes and buses")
    editor.post(f"{DESK}/topics/{HOMES}/confirm", terms="housing")
    seen = writing.form(f"{path}/difference", f"{path}/publish")
    answer = writing.send(seen, f"{path}/publish")
    assert answer.status_code == 303
    assert "Homes and buses" in Visitor(app).page(f"/en/learn/{HOMES}")
    assert issues_of(HOMES) == ["housing"]


def test_everybody_sees_what_is_suggested_marked_as_such(app: Flask, editor: Visitor) -> None:
    page = Visitor(app).page(f"/en/learn/{HOMES}")
    shown = page.partition("Suggested by its words, not yet confirmed:")[2].partition("</p>")[0]
    assert 'href="/en/learn?issue=housing">Housing</a>' in shown
    told = Visitor(app).get(f"/api/v1/offers/{HOMES}").get_json()
    assert (told["issues"], told["suggested_issues"]) == ([], ["housing", "mobility"])
    editor.post(f"{DESK}/topics/{HOMES}/confirm", terms="housing,mobility")
    assert "Suggested by its words" not in Visitor(app).page(f"/en/learn/{HOMES}")
    told = Visitor(app).get("/api/v1/offers").get_json()["offers"][0]
    assert (told["issues"], told["suggested_issues"]) == (["housing", "mobility"], [])


def test_who_decided_is_kept_until_the_offer_goes(app: Flask, editor: Visitor) -> None:
    editor.post(f"{DESK}/topics/{HOMES}/confirm", terms="housing")
    kept = db.session.scalars(select(SuggestedTerm).where(SuggestedTerm.decided_at.is_not(None)))
    assert [row.decided_by_id is not None for row in kept] == [True]
