"""Which edition of an offer a run in a feed is: whoever enrolled keeps the edition they chose."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from typing import TypeVar

from courses.catalogue.content import MeetingContent, RunContent
from courses.catalogue.runs import Meeting, Run

Stored = TypeVar("Stored", Run, Meeting)
Told = TypeVar("Told", RunContent, MeetingContent)


@dataclass(frozen=True, slots=True)
class EditedRuns:
    """The references of runs that people edited, and when those began that they removed.

    called_off: the references of runs that the source took away, though people are in them.
    """

    here: frozenset[str] = frozenset()
    removed: frozenset[datetime | None] = frozenset()
    called_off: frozenset[str] = frozenset()


NONE_EDITED = EditedRuns()


def aligned(
    stored: Sequence[Run],
    told: Sequence[RunContent],
    *,
    now: datetime,
    edited: EditedRuns = NONE_EDITED,
) -> list[RunContent]:
    """Put runs as a feed tells them into the order of the stored ones; new ones come last.

    Runs of the same start are the same. Of the others, a run moves to another date only while that
    hurts nobody: it has not begun, or nobody is in it. A feed that tells no date says nothing of
    the dates there are. A run that people gave another date is still the one it was, and one that
    they removed does not come back. One that was called off does not move: people know its date.
    """
    dates = {run.starts_at for run in stored}
    told = [run for run in told if run.starts_at in dates or run.starts_at not in edited.removed]
    coming = {run.starts_at for run in stored if run.starts_at and run.starts_at > now}
    if None not in dates and not coming <= {run.starts_at for run in told}:
        # It is one of those dates that was forgotten, not an edition without one.
        told = [run for run in told if run.starts_at]
    if stored and all(run.starts_at is None for run in told):
        told = told[:1] if any(run.starts_at is None for run in stored) else []
    pairs, new = _paired(stored, told, lambda run: _may_move(run, edited, now))
    kept = [as_stored(run) for run in stored]
    for position, run in pairs.items():
        kept[position] = _revised(stored[position], run)
    return [*kept, *new]


def _may_move(run: Run, edited: EditedRuns, now: datetime) -> bool:
    if run.reference in edited.here:
        return True
    coming = run.starts_at is None or run.starts_at > now or run.taken == 0
    return coming and run.reference not in edited.called_off


def _paired(
    stored: Sequence[Stored], told: Sequence[Told], may_move: Callable[[Stored], bool]
) -> tuple[dict[int, Told], list[Told]]:
    """Tell which of the stored each is, by position; and which are new."""
    pairs: dict[int, Told] = {}
    others: list[Told] = []
    for one in told:
        same = (
            position
            for position, known in enumerate(stored)
            if position not in pairs and known.starts_at == one.starts_at
        )
        position = next(same, None)
        if position is None:
            others.append(one)
        else:
            pairs[position] = one
    free = [
        position
        for position, known in enumerate(stored)
        if position not in pairs and may_move(known)
    ]
    pairs |= dict(zip(free, others, strict=False))
    return pairs, others[len(free) :]


def as_stored(run: Run) -> RunContent:
    """Give a run as it is stored."""
    return RunContent(
        run.starts_at,
        run.ends_at,
        run.enrol_until,
        run.zone,
        run.capacity,
        [_meeting_as_stored(meeting) for meeting in run.meetings],
    )


def _meeting_as_stored(meeting: Meeting) -> MeetingContent:
    return MeetingContent(meeting.starts_at, meeting.ends_at, meeting.title, meeting.recording)


def _revised(run: Run, told: RunContent) -> RunContent:
    """Give the run as told; what is not told stays, unless it belonged to another date."""
    before = as_stored(run)
    moved = told.starts_at != before.starts_at
    capacity = before.capacity if told.capacity is None else max(told.capacity, run.taken)
    return replace(
        told,
        ends_at=told.ends_at or (None if moved else before.ends_at),
        enrol_until=told.enrol_until or (None if moved else before.enrol_until),
        capacity=capacity,
        meetings=_meetings(run.meetings, told.meetings),
    )


def _meetings(stored: Sequence[Meeting], told: Sequence[MeetingContent]) -> list[MeetingContent]:
    pairs, new = _paired(stored, told, lambda _meeting: True)
    kept = [_meeting_as_stored(meeting) for meeting in stored]
    for position, hour in pairs.items():
        before = kept[position]
        kept[position] = replace(
            hour, title=hour.title or before.title, recording=hour.recording or before.recording
        )
    return [*kept, *new]
