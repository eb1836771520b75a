"""The profile: zones by the names in use, one's own languages first."""

from __future__ import annotations

import re

from academy.accounts.models import Person
from academy.db import db, unit_of_work
from academy.zones import is_zone, zones
from tests.visiting import Visitor

PROFILE = "/en/my/profile"
BOX = re.compile(r'name="languages" value="([^"]+)"')


def test_zones_are_offered_by_the_names_in_use_and_read_by_all() -> None:
    for now, before in (
        ("Africa/Asmara", "Africa/Asmera"),
        ("America/Argentina/Buenos_Aires", "America/Buenos_Aires"),
        ("Asia/Kolkata", "Asia/Calcutta"),
        ("Europe/Kyiv", "Europe/Kiev"),
    ):
        assert (now in zones(), before in zones()) == (True, False)
        assert (is_zone(now), is_zone(before)) == (True, True)
    assert zones()[0] == "UTC"
    assert 300 < len(zones()) < 450


def test_a_zone_by_an_earlier_name_stays_chosen(visitor: Visitor, ana: Person) -> None:
    with unit_of_work():
        db.session.merge(ana).zone = "Asia/Calcutta"
    assert '<option value="Asia/Calcutta" selected>' in visitor.page(PROFILE)


def test_languages_of_the_person_and_of_the_pages_stand_before_the_others(
    visitor: Visitor, ana: Person
) -> None:
    with unit_of_work():
        db.session.merge(ana).languages = ["sw"]
    first, _fold, further = visitor.page(PROFILE).partition("More languages")
    assert sorted(BOX.findall(first)) == ["en", "es", "fr", "sw"]
    assert len(BOX.findall(further)) > 50
    assert " checked" not in further
