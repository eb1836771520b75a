"""When and where something of schema.org is held, how long it takes and what it costs."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from datetime import timedelta
from typing import TypeVar

from academy.text import is_web_address
from courses.catalogue.content import MeetingContent, RunContent
from courses.catalogue.models import Cost, Delivery
from courses.harvesting.draft import Feed, Notes
from courses.harvesting.formats.jsonld import Node, bare, literal
from courses.harvesting.reading import dates
from courses.harvesting.reading import values as reading
from courses.harvesting.reading.durations import spelled

Value = TypeVar("Value")

EVENTS = frozenset(("Event", "EducationEvent", "BusinessEvent", "EventSeries"))
MIDNIGHT = "T00:00:00"
"""What programs add to a day when they have only one kind of moment."""

LARGEST_CAPACITY = 1_000_000
LONGEST_MEETING = timedelta(days=1)
_ATTENDED = {
    "OnlineEventAttendanceMode": Delivery.ONLINE,
    "OfflineEventAttendanceMode": Delivery.ON_SITE,
    "MixedEventAttendanceMode": Delivery.HYBRID,
}
_CANCELLED = {"EventCancelled": True, "EventScheduled": False, "EventRescheduled": False}


def run_of(node: Node, feed: Feed, notes: Notes) -> RunContent:
    """Give the run that a course instance is, or an event; without a start it is always open."""
    schedule = next(iter(node.nodes("courseSchedule", "eventSchedule")), node)
    read_by = dates.clock(schedule.words("scheduleTimezone"), feed.zone, notes, feed.defaults)
    start, end = (node.words(name) or schedule.words(name) for name in ("startDate", "endDate"))
    if start.endswith(MIDNIGHT) and (not end or end.endswith(MIDNIGHT)):
        start, end = start.removesuffix(MIDNIGHT), end.removesuffix(MIDNIGHT)
    run = dates.run_between(start, end, read_by)
    if not start and node.types & EVENTS:
        notes.add("start", "no-date")
    places = node.words("maximumAttendeeCapacity")
    capacity = int(places) if places.isascii() and places.isdigit() and len(places) < 8 else None
    if capacity is not None and capacity <= LARGEST_CAPACITY:
        run = replace(run, capacity=capacity)
    hours_said = all(_hour_said(text, read_by.zone) for text in (start, end))
    return replace(run, meetings=_meetings(node, run, hours_said, notes))


def _hour_said(text: str, zone: str) -> bool:
    moment = dates.instant(text, zone)
    return moment is not None and moment.hour_said


def _meetings(
    node: Node, run: RunContent, hours_said: bool, notes: Notes
) -> Sequence[MeetingContent]:
    """Give the hour of an event; of one that is cancelled also when no hour was said."""
    cancelled = next(iter(_named(node, "eventStatus", _CANCELLED)), None)
    if cancelled:
        notes.add("eventStatus", "cancelled")
    starts, ends = run.starts_at, run.ends_at
    if starts is None or not (node.types & EVENTS and (hours_said or cancelled)):
        return ()
    if ends is None or not timedelta() < ends - starts <= LONGEST_MEETING:
        if not cancelled:
            return ()
        ends = starts + LONGEST_MEETING - timedelta(seconds=1)
    return [MeetingContent(starts, ends, join_link=_join_link(node), cancelled=cancelled)]


def _join_link(node: Node) -> str | None:
    """Give where to go at that hour, when it is another address than the page about it."""
    rooms = (one for one in node.nodes("location") if "VirtualLocation" in one.types)
    links = (room.words("url") for room in rooms)
    known = {node.words("url"), node.id}
    fit = (link for link in links if link not in known and is_web_address(link))
    return next((link for link in fit if len(link) <= reading.LONGEST_ADDRESS), None)


def _named(node: Node, name: str, meanings: Mapping[str, Value]) -> Iterable[Value]:
    """Give what the values of a property mean that are names of schema.org."""
    names = (one.id if isinstance(one, Node) else literal(one)[1] for one in node.values(name))
    return (meanings[bare(one)] for one in names if bare(one) in meanings)


def delivery_of(nodes: Sequence[Node]) -> Delivery | None:
    """Tell where people learn: as it is said, else by the places named."""
    said = reading.delivery(" ".join(word for one in nodes for word in one.many("courseMode")))
    if said:
        return said
    found = {each for one in nodes for each in _named(one, "eventAttendanceMode", _ATTENDED)}
    found = found or {_held(place) for one in nodes for place in one.values("location")}
    if found >= {Delivery.ONLINE, Delivery.ON_SITE}:
        return Delivery.HYBRID
    return next((each for each in Delivery if each in found), None)


def _held(place: object) -> Delivery:
    text = literal(place)[1]
    virtual = isinstance(place, Node) and "VirtualLocation" in place.types
    if virtual or is_web_address(text):
        return Delivery.ONLINE
    return reading.delivery(text) or Delivery.ON_SITE


def cost_of(nodes: Sequence[Node]) -> Cost | None:
    """Tell whether it can be had for nothing: as it is said, else by the offers."""
    for answer in (bare(text) for one in nodes for text in one.many("isAccessibleForFree")):
        if answer.casefold() in {"true", "false"}:
            return Cost.FREE if answer.casefold() == "true" else Cost.PAID
    offers = [offer for one in nodes for offer in one.nodes("offers")]
    prices = {
        reading.cost(text)
        for offer in offers
        for text in (offer.words("price", "lowPrice"), offer.words("category"))
    }
    return Cost.FREE if Cost.FREE in prices else Cost.PAID if Cost.PAID in prices else None


def workload_of(node: Node, instances: Sequence[Node]) -> str:
    """Give how long it takes: of a video, how long it is."""
    told = [node.words("timeRequired"), *(one.words("courseWorkload") for one in instances)]
    told += [node.words("courseWorkload"), node.words("duration") if _is_video(node) else ""]
    return next((text for one in told if (text := spelled(one))), "")


def _is_video(node: Node) -> bool:
    return "VideoObject" in node.types
