"""Adding and removing what a form has several of: languages, editions, meetings."""

from __future__ import annotations

import hashlib
import re
from typing import Any

from courses.editing.form import (
    MOST_MEETINGS,
    MOST_RUNS,
    MOST_TEXTS,
    OF_MEETING,
    OF_RUN,
    OF_TEXT,
    Content,
    tidy,
)

_WISH = re.compile(
    r"(?:add-(?P<add>language|run)|add-meeting-(?P<into>\d{1,4})"
    r"|remove-text-(?P<text>[A-Za-z0-9-]+)|remove-run-(?P<run>\d{1,4})"
    r"|remove-meeting-(?P<of>\d{1,4})-(?P<meeting>\d{1,4}))",
    re.ASCII,
)


def with_wish(
    form: Content, wish: str, *, language: str, zone: str, mark: str
) -> tuple[Content, str]:
    """Do what a button of the form asks; tells the name of the field to go on with.

    Every other button leaves the form as it is. A new edition is in the zone given. `mark` names
    the form that was sent, so that the same form sent twice adds the same row.
    """
    asked = _WISH.fullmatch(wish)
    if asked is None:
        return form, ""
    named = asked.groupdict()
    key = hashlib.sha256(f"{mark} {wish}".encode()).hexdigest()[:16]
    if named["add"]:
        return (
            _with_language(form, language)
            if named["add"] == "language"
            else _with_run(form, zone, key)
        )
    if named["into"]:
        return _with_meeting(form, int(named["into"]), key)
    if named["text"]:
        return _without_language(form, named["text"])
    if named["run"]:
        return _without(form["runs"], int(named["run"]), form, "runs")
    return _without_meeting(form, int(named["of"]), int(named["meeting"]))


def _with_language(form: Content, code: str) -> tuple[Content, str]:
    if not code or len(form["texts"]) >= MOST_TEXTS:
        return form, "new_language"
    form["texts"].setdefault(code, dict.fromkeys(OF_TEXT, ""))
    return tidy(form), f"texts-{code}-title"


def _without_language(form: Content, code: str) -> tuple[Content, str]:
    form["texts"].pop(code, None)
    form["audience"].pop(code, None)
    return form, "new_language"


def _with_run(form: Content, zone: str, key: str) -> tuple[Content, str]:
    if len(form["runs"]) < MOST_RUNS:
        empty = {**dict.fromkeys(OF_RUN, ""), "zone": zone, "meetings": []}
        form["runs"].append({"reference": key, **empty})
    return tidy(form), f"runs-{len(form['runs']) - 1}-zone"


def _with_meeting(form: Content, index: int, key: str) -> tuple[Content, str]:
    if index >= len(form["runs"]):
        return form, "runs"
    meetings = form["runs"][index]["meetings"]
    if len(meetings) < MOST_MEETINGS:
        meetings.append({"uid": key, **dict.fromkeys(OF_MEETING, ""), "title": {}})
    return tidy(form), f"runs-{index}-meetings-{len(meetings) - 1}-date"


def _without_meeting(form: Content, run: int, index: int) -> tuple[Content, str]:
    if run >= len(form["runs"]):
        return form, "runs"
    return _without(form["runs"][run]["meetings"], index, form, f"runs-{run}-zone")


def _without(rows: list[Any], index: int, form: Content, then: str) -> tuple[Content, str]:
    if index < len(rows):
        del rows[index]
    return form, then
