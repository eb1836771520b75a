"""What becomes of the answers of a Moodle site."""

from __future__ import annotations

import json
from typing import Any

import pytest

from courses.catalogue.models import Cost, Kind, Level
from courses.catalogue.texts import LanguageOrigin
from courses.harvesting.adapters import moodle
from courses.harvesting.draft import Draft, Feed, Finding, Gone, NotAFeed
from courses.harvesting.sentences import FINDINGS, REASONS

SITE = "https://school.example/moodle"
SERVICE = f"{SITE}/webservice/rest/server.php"
COURSE: dict[str, Any] = {
    "id": 7,
    "fullname": "Water &amp; cities",
    "displayname": "Water &amp; cities",
    "shortname": "WAT",
    "categoryid": 3,
    "categoryname": "Climate",
    "summary": "<p>All about water.</p>",
    "summaryformat": 1,
    "startdate": 1772359200,
    "enddate": 1774951200,
    "lang": "fr",
    "format": "topics",
    "visible": 1,
    "enrollmentmethods": ["manual", "self"],
    "overviewfiles": [{"fileurl": f"{SITE}/webservice/pluginfile.php/9/course/water.png"}],
    "contacts": [{"id": 2, "fullname": "Somebody"}],
}
ERROR = {"exception": "some_exception", "errorcode": "accessexception", "message": "No access"}
Item = Draft | Finding | Gone


def read(answer: object, **feed: dict[str, str]) -> list[Item]:
    content = answer if isinstance(answer, bytes) else json.dumps(answer).encode()
    return list(moodle.read(Feed(content, **feed)))  # type: ignore[arg-type]


def only(feed: dict[str, dict[str, str]] | None = None, **changes: Any) -> Draft:
    [draft] = read([COURSE | changes], **(feed or {}))
    assert isinstance(draft, Draft)
    assert {found.code for found in draft.findings} <= FINDINGS.keys()
    return draft


def spoken(text: str, language: str) -> str:
    return f'<span lang="{language}" class="multilang">{text}</span>'


def said(draft: Draft) -> list[tuple[str, str, str | None]]:
    return [(text.language, text.title, text.description) for text in draft.texts]


def test_a_course_is_read_in_all_its_parts() -> None:
    draft = only()
    [run] = draft.runs
    assert said(draft) == [("fr", "Water &amp; cities", "<p>All about water.</p>")]
    assert [one.code for one in draft.languages] == ["fr"]
    assert (draft.external_id, draft.kind, draft.words) == ("7", Kind.COURSE, ["Climate"])
    assert (draft.address, draft.cost) == (f"{SITE}/course/view.php?id=7", Cost.FREE)
    assert (str(run.starts_at), str(run.ends_at)) == (
        *("2026-03-01 10:00:00+00:00", "2026-03-31 10:00:00+00:00"),
    )
    assert (draft.findings, draft.payload) == ([], COURSE)


@pytest.mark.parametrize(
    "answer", [[COURSE], {"courses": [COURSE], "warnings": []}, {"total": 1, "courses": [COURSE]}]
)
def test_the_answers_of_all_three_functions_mean_the_same(answer: object) -> None:
    [draft] = read(answer)
    assert isinstance(draft, Draft)
    assert draft.fingerprint() == only().fingerprint()


def test_zero_is_no_date() -> None:
    [run] = only(startdate=0, enddate=0).runs
    assert (run.starts_at, run.ends_at) == (None, None)


@pytest.mark.parametrize("moment", [99999999999, -5, "soon", 1.5])
def test_a_moment_beyond_all_reason_is_left_out_and_noted(moment: object) -> None:
    draft = only(startdate=moment)
    found = [(one.field, one.code) for one in draft.findings]
    assert (draft.runs[0].starts_at, found) == (None, [("start", "unreadable-date")])


def test_a_hidden_course_is_gone_and_the_front_page_is_none() -> None:
    hidden, front = COURSE | {"id": 8, "visible": 0}, COURSE | {"id": 1, "format": "site"}
    items = read([COURSE, hidden, front, COURSE | {"id": 2, "categoryid": 0}])
    assert [type(item) for item in items] == [Draft, Gone]
    assert items[1] == Gone("8", 2)


@pytest.mark.parametrize("hidden", [0, "0", False])
def test_a_course_is_hidden_however_that_is_written(hidden: object) -> None:
    assert read([COURSE | {"visible": hidden}]) == [Gone("7", 1)]
    assert only(visible=[hidden]).external_id == "7"


def test_a_text_in_several_languages_is_one_text_each() -> None:
    title = f'{spoken("Water", "en")} <span class="multilang" lang="fr">Eau</span>'
    summary = "{mlang en}All{mlang}{mlang fr,es}Tout{mlang} 2026"
    assert said(only(fullname=title, summary=summary)) == [
        ("fr", "Eau", "Tout 2026"),
        ("en", "Water", "All 2026"),
        ("es", "Water", "Tout 2026"),
    ]


def test_the_words_of_a_category_are_those_of_its_first_language() -> None:
    name = spoken("Agua", "es") + spoken("Water", "en")
    assert only(categoryname=name).words == ["Agua"]
    assert only(categoryname="Webinars").kind is Kind.WEBINAR
    assert only(categoryname=None).words == []


def test_plain_text_is_no_markup() -> None:
    assert only(summary="a <b> c", summaryformat=2).texts[0].description == "a &lt;b&gt; c"


def test_fields_that_a_site_added_are_understood_by_their_names() -> None:
    named = {"Niveau": "Débutant", "Durée": "3 h", "Public cible": "maires; urbanistes"}
    fields = [{"name": name, "value": value, "type": "text"} for name, value in named.items()]
    draft = only(customfields=[*fields, {"name": "Mots clés", "value": "eau"}, "strange", {}])
    assert (draft.level, draft.workload) == (Level.INTRODUCTORY, "3 h")
    assert (draft.codes, draft.words) == (
        *({"audience": ["maires", "urbanistes"]}, ["Climate", "eau"]),
    )


@pytest.mark.parametrize(
    ("ways", "cost"),
    [(["fee"], Cost.PAID), (["fee", "guest"], Cost.FREE), (["manual"], None), (None, None)],
)
def test_the_ways_to_enrol_say_whether_people_pay(ways: object, cost: Cost | None) -> None:
    assert only(enrollmentmethods=ways).cost is cost


def test_without_a_language_of_its_own_a_course_has_that_of_the_source() -> None:
    draft = only({"defaults": {"language": "es", "provider": "River School"}}, lang="")
    languages = [(one.code, one.origin) for one in draft.languages]
    assert (languages, draft.provider) == ([("es", LanguageOrigin.SOURCE)], "River School")


@pytest.mark.parametrize("url", [SITE, f"{SITE}/", f"{SERVICE}?wsfunction=core_course_get_courses"])
def test_a_course_is_on_the_site_of_its_source(url: str) -> None:
    draft = only({"defaults": {"url": url}}, overviewfiles=[])
    assert draft.address == f"{SITE}/course/view.php?id=7"
    assert only(overviewfiles=[]).address is None


def test_a_record_that_cannot_be_used_costs_itself_alone() -> None:
    deep: object = "water"
    for _level in range(60):
        deep = [deep]
    items = read([5, COURSE | {"contacts": deep}, COURSE])
    found = [(one.line, one.code) for one in items if isinstance(one, Finding)]
    assert found == [(1, "not-an-object"), (2, "overfull")]
    assert [one.line for one in items if isinstance(one, Draft)] == [3]


def test_what_has_the_wrong_type_says_nothing() -> None:
    strange: Any = {"a": [1]}
    kept = {name: COURSE[name] for name in ("id", "fullname", "visible")}
    draft = only(**{name: strange for name in COURSE} | kept)
    assert (said(draft), draft.words, draft.address) == ([("", "Water &amp; cities", "")], [], None)


def test_no_courses_at_all_is_a_whole_answer() -> None:
    assert (read([]), read({"courses": [], "warnings": []})) == ([], [])


@pytest.mark.parametrize(
    ("answer", "code"),
    [
        (ERROR, "source-error"),
        ({"error": "Invalid login", "errorcode": "invalidlogin"}, "source-error"),
        ({"courses": {}}, "lacks-part"),
        ([{"title": "Water"}], "lacks-part"),
        (None, "lacks-part"),
        (b"", "empty"),
        (b"<!DOCTYPE html><html></html>", "html"),
        (b"<?xml version='1.0'?><EXCEPTION/>", "html"),
        (json.dumps([COURSE]).encode()[:-30], "breaks-off"),
        (b"[" * 1_000_000, "overfull"),
    ],
)
def test_what_went_wrong_is_told_with_its_reason(answer: object, code: str) -> None:
    with pytest.raises(NotAFeed) as refused:
        read(answer)
    assert refused.value.code == code
    assert str(REASONS[code] % refused.value.details)


def test_an_error_names_what_the_platform_says() -> None:
    with pytest.raises(NotAFeed) as refused:
        read(ERROR)
    assert refused.value.details == {"said": "accessexception No access"}


def test_the_address_of_a_site_is_enough_and_no_token_is_kept_in_it() -> None:
    usual = "wsfunction=core_course_get_courses_by_field&moodlewsrestformat=json"
    for address in (f"{SITE}/", f"{SERVICE}?wstoken=secret"):
        assert moodle.begin(address, since=None) == f"{SERVICE}?{usual}"


def test_a_search_is_followed_page_by_page_to_its_end() -> None:
    first = moodle.begin(f"{SERVICE}?wsfunction=core_course_search_courses&perpage=2", since=None)
    assert first.endswith("&criterianame=search&criteriavalue=&page=0&perpage=2")
    page = Feed(json.dumps({"total": 3, "courses": [COURSE, COURSE]}).encode())
    [second] = moodle.following(page, first)
    assert second == first.replace("page=0", "page=1")
    assert moodle.following(page, second) == []


@pytest.mark.parametrize("total", [10**30, "many", None])
def test_an_empty_page_is_the_last_whatever_the_total(total: object) -> None:
    asked = moodle.begin(f"{SERVICE}?wsfunction=core_course_search_courses", since=None)
    empty = Feed(json.dumps({"total": total, "courses": []}).encode())
    assert moodle.following(empty, asked) == []
