"""The rooms of a desk in its navigation, and when it asks for webinars that are over."""

from __future__ import annotations

import html
import re
from datetime import timedelta

import pytest
from flask import Flask

from academy.db import utcnow
from academy.institutions.models import MemberRole
from tests.meeting import webinar
from tests.staff import make_member
from tests.visiting import Visitor

DAY = timedelta(days=1)
DESK = "/en/institutions/river-school/desk"
TABS = re.compile(r'<ul class="tabs">(.*?)</ul>', re.DOTALL)
ROOM = re.compile(r'<a href="([^"]+)"( aria-current="page")?>([^<]+?) ?<')


def rooms(visitor: Visitor, path: str) -> list[tuple[str, str]]:
    """List the rooms that a page of the desk leads to, and of each whether one stands in it."""
    [tabs] = TABS.findall(visitor.page(path))
    return [(label, "here" if current else "") for _url, current, label in ROOM.findall(tabs)]


@pytest.mark.parametrize("here", ["What needs doing", "People"])
def test_an_owner_is_led_to_the_people_once(app: Flask, here: str) -> None:
    owner = Visitor(app, make_member(MemberRole.OWNER))
    path = f"{DESK}/people" if here == "People" else DESK
    shown = rooms(owner, path)
    assert [room for room in shown if room[0] == "People"] == [
        ("People", "here" if here == "People" else "")
    ]
    assert [label for label, current in shown if current] == [here]
    assert len(shown) == len({label for label, _current in shown})


def test_an_editor_is_not_led_to_the_people(app: Flask) -> None:
    labels = [label for label, _current in rooms(Visitor(app, make_member()), DESK)]
    assert ("People" in labels, "Offers" in labels) == (False, True)


def test_a_webinar_is_asked_about_only_when_it_is_over(app: Flask) -> None:
    webinar(utcnow() + 10 * DAY, title="To come")
    webinar(utcnow() - 2 * DAY, title="Just held")
    webinar(utcnow() - 90 * DAY, title="Long ago")
    page = html.unescape(Visitor(app, make_member()).page(DESK))
    asked = re.findall(r"“\u2068([^\u2069]+)\u2069” (ended|ends) on", page)
    assert asked == [("Just held", "ended")]
