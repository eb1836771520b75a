"""Writing a run and its meetings: what the content says, known again by reference and uid."""

from __future__ import annotations

from academy.db import new_reference
from courses.catalogue.content import MeetingContent, RunContent
from courses.catalogue.runs import Meeting, MeetingStatus, Run


def new_run() -> Run:
    """Make a run in which nobody is yet."""
    return Run(reference=new_reference(), meetings=[], taken=0)


def write_run(run: Run, content: RunContent) -> None:
    """Write what the content says into a run; a meeting that moves raises its sequence.

    Nobody loses a place: there are never fewer than are taken.
    """
    for name in ("starts_at", "ends_at", "enrol_until", "zone"):
        setattr(run, name, getattr(content, name))
    run.capacity = None if content.capacity is None else max(content.capacity, run.taken)
    known = {meeting.uid: meeting for meeting in run.meetings}
    for index, hour in enumerate(content.meetings):
        meeting = known.get(hour.uid or "")
        if meeting is None and hour.uid is None and index < len(run.meetings):
            meeting = run.meetings[index]
        if meeting is None:
            meeting = Meeting(uid=new_reference(), sequence=-1, status=MeetingStatus.CONFIRMED)
            run.meetings.append(meeting)
        _write_meeting(meeting, hour, content.zone)


def _write_meeting(meeting: Meeting, hour: MeetingContent, zone: str) -> None:
    before = meeting.starts_at, meeting.ends_at, meeting.status
    meeting.starts_at, meeting.ends_at = hour.starts_at, hour.ends_at
    meeting.zone, meeting.title, meeting.recording = zone, hour.title, hour.recording
    if hour.join_link is not None:
        meeting.join_link = hour.join_link
    if hour.cancelled is not None:
        held = MeetingStatus.CONFIRMED, MeetingStatus.CANCELLED
        meeting.status = held[hour.cancelled]
    if before != (meeting.starts_at, meeting.ends_at, meeting.status):
        meeting.sequence += 1
