"""When an edition takes place: its hours as they were typed, and the instants they mean."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from flask_babel import LazyString
from flask_babel import lazy_gettext as _l

from academy.zones import is_zone
from courses.catalogue.content import MeetingContent, RunContent
from courses.editing.hours import NoSuchHour, instant, span

Wrong = dict[str, Any]
"""Messages in lists, by field, as marshmallow nests them."""


def read_run(told: Mapping[str, Any]) -> tuple[RunContent, Wrong]:
    """Read what a run says: what can be understood of it, and what is wrong with the rest.

    Where there are meetings, the first and the last of them say when it begins and ends, unless
    the run says so itself.
    """
    wrong: Wrong = {}
    zone = told.get("zone") or "UTC"
    if not is_zone(zone):
        wrong["zone"] = [_l("Choose a zone such as Europe/Paris.")]
        zone = "UTC"
    meetings = _meetings(told.get("meetings", ()), zone, wrong)
    starts_at = _moment(told, "starts_at", zone, wrong)
    ends_at = _moment(told, "ends_at", zone, wrong)
    if meetings and "starts_at" not in told:
        starts_at = min(one.starts_at for one in meetings)
    if meetings and "ends_at" not in told:
        ends_at = max(one.ends_at for one in meetings)
    enrol_until = _moment(told, "enrol_until", zone, wrong)
    if starts_at and ends_at and ends_at < starts_at:
        wrong["ends_at"] = [_l("It ends before it starts.")]
        ends_at = None
    places, name = told.get("capacity"), told.get("reference")
    return RunContent(starts_at, ends_at, enrol_until, zone, places, meetings, name), wrong


def _moment(told: Mapping[str, Any], name: str, zone: str, wrong: Wrong) -> datetime | None:
    text = told.get(name)
    if not text:
        return None
    try:
        return instant(text, zone)
    except NoSuchHour as none:
        wrong[name] = [none.sentence]
        return None


def _meetings(told: Any, zone: str, wrong: Wrong) -> list[MeetingContent]:
    found = []
    for index, one in enumerate(told):
        problems = _lacking(one)
        if not problems:
            try:
                found.append(_meeting(one, zone))
            except NoSuchHour as none:
                problems = {"starts": [none.sentence]}
        if problems:
            wrong.setdefault("meetings", {})[index] = problems
    return found


def _lacking(one: Mapping[str, Any]) -> dict[str, list[LazyString]]:
    """Name what of a meeting's hours was not said; a start with its own date needs no other."""
    needed = ("starts", "ends") if "T" in one.get("starts", "") else ("date", "starts", "ends")
    return {name: [_l("Please answer this.")] for name in needed if not one.get(name)}


def _meeting(one: Mapping[str, Any], zone: str) -> MeetingContent:
    starts_at, ends_at = span(one.get("date", ""), one["starts"], one["ends"], zone)
    return MeetingContent(
        starts_at=starts_at,
        ends_at=ends_at,
        title=one.get("title", {}),
        recording=one.get("recording", ""),
        uid=one.get("uid"),
        join_link=one.get("join_link", ""),
        cancelled=one.get("cancelled", False),
    )
