"""The page of a source's words, as somebody at the desk uses it: without script, one form."""

from __future__ import annotations

import re
from html import unescape

import pytest
from flask import Flask

from academy.db import db
from academy.i18n import text_in
from academy.institutions.models import MemberRole
from courses.harvesting.models import WordMapping
from courses.sources.models import Source
from courses.vocabularies.models import Vocabulary
from courses.vocabularies.queries import vocabularies
from tests.harvesting.edited_by_hand import FULL, edit, texts
from tests.harvesting.harvested import harvest, lines, offer, record, source
from tests.making import make_person
from tests.staff import make_member
from tests.visiting import Visitor

WORDS = [
    record("a", subjects=["Wohnungsnot", "Poetry"]),
    record("b", subjects=["Wohnungsnot"], title="<b>Beds</b> & roofs"),
    record("c", subjects=["Housing"], terms={"audience": ["Glass blowers"]}),
]


@pytest.fixture
def editor(app: Flask) -> Visitor:
    return Visitor(app, make_member(MemberRole.EDITOR))


def address(name: str = "jsonl") -> str:
    assert name
    found = db.session.get_one(Source, source())
    return f"/en/institutions/river-school/desk/sources/{found.reference}/words"


def words(page: str) -> list[str]:
    return [unescape(word) for word in re.findall(r'<h3 id="h-word-\d+"><bdi>(.*?)</bdi>', page)]


def codes(name: str) -> list[str]:
    return sorted(term.code for term in offer(name).terms)


def test_unknown_words_stand_by_count_with_titles_and_coverage(editor: Visitor) -> None:
    harvest(lines(*WORDS))
    page = editor.page(address())
    assert words(page) == ["Wohnungsnot", "Glass blowers", "Poetry"]
    assert "Beds &amp; roofs" in page
    assert 'class="w-25"' in page
    assert 'class="w-0"' in page


def test_a_suggestion_is_one_button_and_describes_at_once(editor: Visitor) -> None:
    harvest(lines(record("a", subjects=["Wohnung", "Poetry"]), record("b", subjects=["Huosing"])))
    page = editor.page(address())
    at = words(page).index("Huosing")
    assert f'name="pick" value="{at} issue:housing"' in page
    assert codes("b") == []
    sent = {f"word-{at}": "Huosing", f"among-{at}": "", "pick": f"{at} issue:housing"}
    answer = editor.post(address(), **sent)
    assert (answer.status_code, answer.headers["Location"]) == (303, address())
    assert codes("b") == ["housing"]
    page = editor.page(address())
    assert "Huosing" not in words(page)


def test_many_words_are_said_with_one_form(editor: Visitor) -> None:
    harvest(lines(*WORDS))
    sent = {
        "word-0": "Wohnungsnot",
        "among-0": "",
        "was-0": "",
        "meant-0": "issue:housing",
        "word-1": "Glass blowers",
        "among-1": "audience",
        "meant-1": "audience:staff",
        "word-2": "Poetry",
        "among-2": "",
        "was-2": "",
        "meant-2": "none",
    }
    editor.post(address(), **sent)
    assert (codes("a"), codes("b"), codes("c")) == (["housing"], ["housing"], ["housing", "staff"])
    assert words(editor.page(address())) == []


def test_what_was_said_can_be_said_otherwise_and_what_was_not_touched_stays(
    editor: Visitor,
) -> None:
    harvest(lines(*WORDS))
    editor.post(address(), **{"word-0": "Wohnungsnot", "among-0": "", "pick": "0 issue:housing"})
    same = {"word-0": "wohnungsnot", "among-0": "", "was-0": "issue:housing"}
    editor.post(address(), **same, **{"meant-0": "issue:housing"})
    assert codes("a") == ["housing"]
    editor.post(address(), **same, **{"meant-0": "methodology:webinar"})
    assert codes("a") == ["webinar"]


@pytest.mark.parametrize(
    "sent",
    [
        {"word-0": "Poetry", "among-0": "", "pick": "0 issue:nonsense"},
        {"word-0": "Poetry", "among-0": "", "pick": "0 audience:staff"},
        {"word-0": "Poetry", "among-0": "sdg", "pick": "0 none"},
        {"word-0": "", "among-0": "", "pick": "0 issue:housing"},
        {"word-0": "x" * 300, "among-0": "", "pick": "0 issue:housing"},
    ],
)
def test_what_cannot_be_chosen_is_refused(editor: Visitor, sent: dict[str, str]) -> None:
    harvest(lines(*WORDS))
    assert editor.post(address(), **sent).status_code == 422
    db.session.rollback()
    assert db.session.query(WordMapping).count() == 0


def test_an_empty_form_changes_nothing(editor: Visitor) -> None:
    harvest(lines(*WORDS))
    assert editor.post(address()).status_code == 303
    assert db.session.query(WordMapping).count() == 0


def test_reporters_and_the_source_of_another_institution_stay_out(app: Flask) -> None:
    harvest(lines(*WORDS))
    reporter = Visitor(app, make_member(MemberRole.REPORTER, email="reporter@example.org"))
    assert reporter.get(address()).status_code == 403
    make_member(MemberRole.OWNER, institution="hill-school", email="hill@example.org")
    person = make_person("ana@example.org")
    there = Visitor(app, make_member(MemberRole.EDITOR, institution="hill-school", person=person))
    other = address().replace("river-school", "hill-school")
    assert (there.get(other).status_code, there.get(address()).status_code) == (404, 403)


def test_partners_words_are_shown_as_words(editor: Visitor) -> None:
    harvest(lines(record("a", subjects=['<script>alert("1")</script> "quoted"', "שלום"])))
    page = editor.page(address())
    assert "<script>alert" not in page
    assert "<bdi>שלום</bdi>" in page


def test_the_edit_page_says_where_the_source_differs_and_theirs_is_taken(app: Flask) -> None:
    harvest(lines(FULL))
    edit(texts(title="Water, our way"))
    harvest(lines(FULL | {"title": "Water, upstream"}))
    person = make_person("ana@example.org")
    visitor = Visitor(app, make_member(MemberRole.EDITOR, person=person))
    desk = f"/en/institutions/river-school/desk/offers/{offer().slug}"
    assert "In 1 part that was edited here" in visitor.page(desk)
    page = visitor.page(f"{desk}/source")
    assert re.findall(r"<ins>(.*?)</ins>", page) == ["upstream"]
    kept = visitor.post(f"{desk}/source", **{"take-texts.en.title": "ours"})
    assert (kept.status_code, offer().titles["en"]) == (303, "Water, our way")
    visitor.post(f"{desk}/source", **{"take-texts.en.title": "theirs"})
    assert offer().titles["en"] == "Water, upstream"
    assert "Nothing differs" in visitor.page(f"{desk}/source")


def test_an_offer_of_no_source_has_nothing_beside_it(app: Flask) -> None:
    harvest(lines(FULL))
    visitor = Visitor(app, make_member())
    desk = f"/en/institutions/river-school/desk/offers/{offer().slug}"
    assert "Look at both" not in visitor.page(desk)
    assert "Nothing differs" in visitor.page(f"{desk}/source")


def known(page: str) -> list[tuple[str, str]]:
    """Give the words of a page, each with the choice that stands beside it."""
    chosen = re.findall(r'<option value="([^"]*)" selected>', page)
    return list(zip(words(page), chosen, strict=True))


def test_words_that_are_known_unasked_are_shown_and_can_be_said_otherwise(editor: Visitor) -> None:
    harvest(lines(record("a", subjects=["Housing", "Poetry"]), record("b", subjects=["Housing"])))
    page = editor.page(f"{address()}?list=known")
    assert known(page) == [("Housing", "issue:housing")]
    assert "in 2 records" in page
    said = {"word-0": "Housing", "among-0": "", "was-0": "issue:housing"}
    editor.post(f"{address()}?list=known", **said, **{"meant-0": "methodology:webinar"})
    # Among subjects a word is of one vocabulary alone, whichever way it came to be known.
    assert (codes("a"), codes("b")) == (["webinar"], ["webinar"])
    assert words(editor.page(f"{address()}?list=known")) == []


def test_what_was_said_of_a_word_can_be_withdrawn(editor: Visitor) -> None:
    harvest(lines(record("a", subjects=["Housing"]), record("b", subjects=["Poetry"])))
    for word in ("Housing", "Poetry"):
        editor.post(address(), **{"word-0": word, "among-0": "", "pick": "0 methodology:webinar"})
    assert (codes("a"), codes("b")) == (["webinar"], ["webinar"])
    assert words(editor.page(address())) == []
    page = editor.page(f"{address()}?list=said")
    assert known(page) == [("housing", "methodology:webinar"), ("poetry", "methodology:webinar")]
    for place, word in enumerate(("housing", "poetry")):
        said = {f"word-{place}": word, f"was-{place}": "methodology:webinar"}
        editor.post(address(), **said, **{f"among-{place}": "", f"meant-{place}": "before"})
    assert (codes("a"), codes("b")) == (["housing"], [])
    assert words(editor.page(address())) == ["Poetry"]
    assert "Nothing was said of its words yet." in editor.page(f"{address()}?list=said")
    db.session.rollback()
    assert db.session.query(WordMapping).count() == 0


def test_our_terms_stand_in_groups(editor: Visitor) -> None:
    harvest(lines(record("a", subjects=["Poetry"], terms={"audience": ["Glass blowers"]})))
    choices = re.findall(r"<select.*?</select>", editor.page(address()), re.DOTALL)
    audiences, subjects = [re.findall(r'<optgroup label="([^"]+)">', one) for one in choices]
    assert audiences == ["Audiences"]
    lines_of_issues = [
        text_in(term.labels, "en").text for term in vocabularies().of(Vocabulary.ISSUE)
    ]
    assert subjects[-1] == "Methods"
    assert {unescape(label) for label in subjects[:-1]} <= set(lines_of_issues)
    assert len(subjects) > 4
