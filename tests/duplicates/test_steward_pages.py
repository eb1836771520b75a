"""Stewards decide on pairs side by side, and undo it; institutions see that an offer is merged."""

from __future__ import annotations

import html
import re

import pytest
from flask import Flask

from academy.institutions.models import MemberRole
from tests.duplicates.published import publish
from tests.invited import make_place, make_steward
from tests.making import make_person
from tests.merged import canonicals, look, merge, pairs
from tests.staff import make_member
from tests.visiting import Visitor

PAIRS, MERGED = "/en/secretariat/duplicates", "/en/secretariat/duplicates/merged"
APART = f"{PAIRS}/apart"
MARKED = re.compile(r"<dt[^>]*>([^<]*)</dt><dd><mark>")


@pytest.fixture
def steward(app: Flask) -> Visitor:
    """A steward of all at a browser."""
    return Visitor(app, make_steward())


@pytest.fixture
def pair(app: Flask) -> tuple[int, int]:
    """Two offers whose titles are alike."""
    one = publish("Resilient cities", "river", address="https://river.example/1")
    other = publish("Cities, resilient", "hill", address="https://hill.example/1")
    look()
    return one, other


@pytest.mark.usefixtures("pair")
def test_pairs_stand_side_by_side_and_what_differs_is_marked(steward: Visitor) -> None:
    page = steward.page(PAIRS)
    assert "Their titles are alike." in page
    assert MARKED.findall(page) == ["Institution", "Address"] * 2
    assert 'href="/en/learn/river"' in page
    assert 'href="/en/learn/hill"' in page
    arabic = steward.page(PAIRS.replace("/en/", "/ar/"))
    assert 'dir="rtl"' in arabic


@pytest.mark.usefixtures("pair")
def test_the_desk_counts_the_pairs_that_wait(steward: Visitor) -> None:
    assert "1 pair of offers seems to be one" in steward.page("/en/secretariat")


@pytest.mark.usefixtures("pair")
def test_the_steward_chooses_which_of_both_is_shown(steward: Visitor) -> None:
    answer = steward.post(f"{PAIRS}/hill/river/same")
    assert (answer.status_code, answer.location) == (303, PAIRS)
    assert canonicals() == {"river": "hill", "hill": None}
    assert "No two offers seem to be one." in steward.page(PAIRS)
    assert steward.post(f"{PAIRS}/hill/river/same").status_code == 409
    assert steward.post(f"{PAIRS}/hill/river/different").status_code == 409


@pytest.mark.usefixtures("pair")
def test_what_is_two_is_not_asked_about_again(steward: Visitor) -> None:
    assert steward.post(f"{PAIRS}/river/hill/different").status_code == 303
    assert look() == 0
    assert pairs() == [("river", "hill", "title", "different")]
    assert "No two offers seem to be one." in steward.page(PAIRS)


def test_what_is_one_can_be_separated(steward: Visitor, pair: tuple[int, int]) -> None:
    merge(*pair)
    page = steward.page(MERGED)
    assert re.findall(r'action="([^"]+)"', page).count(f"{PAIRS}/hill/separate") == 1
    assert f"{PAIRS}/river/separate" not in page
    answer = steward.post(f"{PAIRS}/hill/separate")
    assert (answer.status_code, answer.location) == (303, MERGED)
    assert canonicals() == {"river": None, "hill": None}
    assert "No offer was merged into another." in steward.page(MERGED)
    assert steward.post(f"{PAIRS}/hill/separate").status_code == 404


@pytest.mark.usefixtures("pair")
def test_offers_that_never_seemed_to_be_one_are_no_pair(steward: Visitor) -> None:
    publish("Housing", "lake")
    assert steward.post(f"{PAIRS}/river/lake/same").status_code == 404
    assert steward.post(f"{PAIRS}/river/river/same").status_code == 404
    assert steward.post(f"{PAIRS}/river/nothing/different").status_code == 404


def test_stewards_of_a_section_decide_on_what_concerns_it(
    app: Flask, pair: tuple[int, int]
) -> None:
    make_place("river", section="africa")
    make_place("hill", section="africa")
    near = Visitor(app, make_steward("near@example.org", section="africa"))
    far = Visitor(app, make_steward("far@example.org", section="asia"))
    assert "Their titles are alike." in near.page(PAIRS)
    assert "No two offers seem to be one." in far.page(PAIRS)
    assert far.post(f"{PAIRS}/river/hill/same").status_code == 404
    assert near.post(f"{PAIRS}/river/hill/same").status_code == 303
    assert far.post(f"{PAIRS}/hill/separate").status_code == 404
    assert near.post(f"{PAIRS}/hill/separate").status_code == 303
    assert pair == (1, 2)


def test_nobody_else_sees_or_decides(app: Flask, pair: tuple[int, int]) -> None:
    learner = Visitor(app, make_person("learner@example.org"))
    assert learner.get(PAIRS).status_code == 403
    assert learner.post(f"{PAIRS}/river/hill/same").status_code == 403
    assert canonicals() == {"river": None, "hill": None}
    assert pair == (1, 2)


def test_the_institution_sees_that_its_offer_is_merged_and_can_object(
    app: Flask, pair: tuple[int, int]
) -> None:
    editor = make_member(MemberRole.EDITOR, institution="hill", email="editor@example.org")
    desk = Visitor(app, editor)
    address = "/en/institutions/hill/desk/offers/hill"
    objection = "They are not one? Ask the stewards to separate them"
    assert objection not in desk.page(address)
    merge(*pair)
    page = html.unescape(desk.page(address))
    assert objection in page
    assert "Resilient cities" in page
    assert desk.get("/en/learn/hill/concern").status_code == 200


@pytest.mark.parametrize("way", ["told apart", "separated"])
def test_that_two_are_two_can_be_taken_back(
    steward: Visitor, pair: tuple[int, int], way: str
) -> None:
    assert "No two offers were told apart." in steward.page(APART)
    assert steward.post(f"{PAIRS}/hill/river/one-after-all").status_code == 409
    if way == "separated":
        merge(*pair)
        assert "Undo the merge" in steward.page(MERGED)
        steward.post(f"{PAIRS}/hill/separate")
    else:
        steward.post(f"{PAIRS}/river/hill/different")
    page = steward.page(APART)
    found = re.findall(rf'action="({PAIRS}/[^"]+)"', page)
    assert found == [f"{PAIRS}/river/hill/one-after-all", f"{PAIRS}/hill/river/one-after-all"]
    answer = steward.post(f"{PAIRS}/hill/river/one-after-all")
    assert (answer.status_code, answer.location) == (303, APART)
    assert canonicals() == {"river": "hill", "hill": None}
    assert "No two offers were told apart." in steward.page(APART)
    assert "No offer was merged into another." not in steward.page(MERGED)
