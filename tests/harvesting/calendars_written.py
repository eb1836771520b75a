"""Calendars as tests write them, and what the adapter makes of them."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

from courses.harvesting.adapters import ical as adapter
from courses.harvesting.draft import Draft, Feed, Finding, Gone

NOW = datetime(2026, 3, 20, 12, tzinfo=UTC)


def event(*lines: str, uid: str = "water@school.example", start: str = "20260303T100000Z") -> str:
    told = (f"UID:{uid}" if uid else "", f"DTSTART{start}" if ":" in start else f"DTSTART:{start}")
    usual = () if any(one.startswith("SUMMARY") for one in lines) else ("SUMMARY:About water",)
    inner = "\r\n".join(one for one in (*told, *usual, *lines) if one)
    return f"BEGIN:VEVENT\r\n{inner}\r\nEND:VEVENT\r\n"


def calendar(*events: str, head: str = "") -> bytes:
    begin = f"BEGIN:VCALENDAR\r\nVERSION:2.0\r\nPRODID:-//school.example//\r\n{head}"
    return f"{begin}{''.join(events)}END:VCALENDAR\r\n".encode()


def read(content: bytes, **more: Any) -> list[Draft | Finding | Gone]:
    return list(adapter.read(Feed(content, **more), now=NOW))


def only(content: bytes, **more: Any) -> Draft:
    [draft] = read(content, **more)
    assert isinstance(draft, Draft)
    return draft


def codes(draft: Draft) -> list[str]:
    return [f"{found.field}:{found.code}" for found in draft.findings]


def starts(draft: Draft) -> list[str]:
    """List when the runs begin, in UTC; those cancelled with a minus before."""
    listed = []
    for run in draft.runs:
        cancelled = any(meeting.cancelled for meeting in run.meetings)
        listed.append(f"{'-' if cancelled else ''}{run.starts_at:%Y-%m-%d %H:%M}")
    return listed


def at(*parts: int) -> datetime:
    return datetime(*parts, tzinfo=UTC)  # type: ignore[misc,arg-type]
