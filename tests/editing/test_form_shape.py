"""An offer as a form: there and back, cleaned, judged, compared, merged."""

from __future__ import annotations

from typing import Any

import pytest
from flask import Flask

from academy.errors import Invalid
from courses.catalogue.queries import offers_by_id
from courses.editing.checking import check_size, checked
from courses.editing.completeness import completeness
from courses.editing.fields import changes_between, content_of, fields_of, merged, units
from courses.editing.form import form_of, tidy
from courses.vocabularies.queries import vocabularies
from tests.editing_forms import filled, meeting, run
from tests.making import make_offer


def problems(**changes: Any) -> dict[str, str]:
    """Say what is wrong with a form that is right but for these fields."""
    found = checked(tidy(filled(**changes)), vocabularies()).problems
    return {name: str(sentence) for name, sentence in found.items()}


def test_a_whole_form_has_no_problem(app: Flask) -> None:
    assert problems() == {}


def test_a_form_comes_back_from_its_fields() -> None:
    form = tidy(filled(runs=[run(), run(zone="Africa/Cairo", meetings=[meeting(), meeting()])]))
    assert content_of(fields_of(form)) == form


def test_tidying_twice_is_tidying_once() -> None:
    once = tidy(filled(runs=[run(meetings=[meeting()])]))
    assert tidy(once) == once


def test_an_offer_comes_back_from_its_form(app: Flask) -> None:
    made = make_offer(description="<p>One</p><p>Two &amp; three</p>")
    [offer] = offers_by_id([made.id]).values()
    assert tidy(form_of(offer)) == form_of(offer)
    assert checked(form_of(offer), vocabularies()).problems == {}


@pytest.mark.parametrize(
    ("changes", "expected"),
    [
        ({"address": "javascript:alert(1)"}, ["address"]),
        ({"data_mb": "twelve"}, ["data_mb"]),
        ({"cost": "gratis"}, ["cost"]),
        ({"issues": ["water", "climate", "housing", "mobility"]}, ["issues"]),
        ({"issues": ["astrology"]}, ["issues"]),
        ({"languages": {"taught": ["xx"]}}, ["languages-taught"]),
        ({"texts": {"en": {"title": "T", "summary": "s" * 241}}}, ["texts-en-summary"]),
        ({"texts": {"en": {"title": "T", "description": "d" * 50_001}}}, ["texts-en-description"]),
        ({"runs": [run(capacity="0")]}, ["runs-0-capacity"]),
        ({"runs": [run(), run(zone="Mars/Olympus")]}, ["runs-1-zone"]),
        ({"runs": [run(starts_at="2026-02-31T10:00")]}, ["runs-0-starts_at"]),
        ({"runs": [run(meetings=[meeting(date="")])]}, ["runs-0-meetings-0-date"]),
        ({"runs": [run(meetings=[meeting(ends="09:00")])]}, ["runs-0-meetings-0-starts"]),
        (
            {"runs": [run(starts_at="2026-12-02T10:00", ends_at="2026-12-01T10:00")]},
            ["runs-0-ends_at"],
        ),
    ],
)
def test_what_is_wrong_is_named_by_its_field(
    app: Flask, changes: dict[str, Any], expected: list[str]
) -> None:
    assert list(problems(**changes)) == expected


def test_every_problem_is_a_whole_sentence(app: Flask) -> None:
    found = problems(address="javascript:alert(1)", workload_minutes="abc", issues=["x"])
    assert found == {
        "address": "Write a whole web address, such as https://example.org/course.",
        "workload_minutes": "Write a whole number.",
        "issues": "Choose from the list.",
    }


def test_a_wrong_answer_does_not_count_as_given() -> None:
    form = tidy(filled(address="javascript:alert(1)"))
    assert completeness(form).percent - completeness(form, ["address"]).percent == 5


def test_an_hour_that_does_not_exist_is_refused_with_a_clear_sentence(app: Flask) -> None:
    skipped = meeting(date="2027-03-28", starts="02:30", ends="04:00")
    twice = meeting(date="2027-10-31", starts="02:30", ends="04:00")
    found = problems(runs=[run(zone="Europe/Paris", meetings=[skipped, twice])])
    assert found == {
        "runs-0-meetings-0-starts": "The clocks go forward over this hour in Europe/Paris: "
        "it does not exist.",
        "runs-0-meetings-1-starts": "The clocks go back in Europe/Paris and this hour comes "
        "twice. Choose another.",
    }


def test_what_is_sent_instead_of_a_form_is_no_harm(app: Flask) -> None:
    odd: list[Any] = [{}, {"texts": 5, "runs": [1, None, "x"], "issues": "water"}]
    odd.append({"texts": {"../etc": {}, "en": None}, "runs": [{"meetings": [[]]}], "kind": ["x"]})
    odd.append({"title": "\x00", "runs": {"0": {}}, "languages": ["en"], "data_mb": 10**400})
    for told in odd:
        form = tidy(told)
        assert tidy(form) == form
        checked(form, vocabularies())
        checked(told, vocabularies())
    assert list(tidy(odd[2])["texts"]) == ["en"]


def test_more_editions_than_anybody_needs_are_refused() -> None:
    with pytest.raises(Invalid):
        check_size(filled(runs=[run()] * 101))
    check_size(filled(runs=[run()] * 100))


def test_rows_of_one_name_are_told_apart() -> None:
    form = tidy(filled(runs=[run(reference="same"), run(reference="same")]))
    first, second = (one["reference"] for one in form["runs"])
    assert first == "same"
    assert second != "same"


def test_what_differs_is_named_field_by_field() -> None:
    before = fields_of(tidy(filled(runs=[run(reference="a", capacity="10")])))
    after = fields_of(tidy(filled(runs=[run(reference="a", capacity="12")], level="advanced")))
    changes = changes_between(before, after)
    assert changes == {"level": [None, "advanced"], "runs.a.capacity": ["10", "12"]}
    assert units(changes) == ["level", "runs.a"]


def test_a_merge_takes_what_was_chosen_and_keeps_the_rest() -> None:
    mine = tidy(filled(contact="mine@example.org", runs=[run(reference="a")]))
    yours = tidy(filled(contact="yours@example.org", runs=[run(reference="b")], level="advanced"))
    yours["texts"]["fr"] = {**yours["texts"]["en"], "title": "L'eau"}
    taken = merged(mine, yours, ["level", "texts.fr.title", "runs.b", "runs.a"])
    assert taken["contact"] == "mine@example.org"
    assert taken["level"] == "advanced"
    assert taken["texts"]["fr"]["title"] == "L'eau"
    assert [one["reference"] for one in taken["runs"]] == ["b"]
