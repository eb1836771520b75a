"""What a row makes of an offer there is: what it says is written over, the rest stays."""

from __future__ import annotations

from copy import deepcopy
from typing import Any

from courses.catalogue.models import Kind
from courses.editing.form import LISTS, PLAIN, Content

SAID_OF_RUN = ("starts_at", "ends_at", "capacity")


def as_new(told: Content) -> Content:
    """Give the form of a new offer: a course, unless the row says otherwise."""
    return told | {"kind": told["kind"] or Kind.COURSE.value}


def revised(live: Content, told: Content) -> Content:
    """Give the form of an offer as the row would have it."""
    form = deepcopy(live)
    for name in ("kind", *PLAIN, *LISTS):
        form[name] = told[name] or form[name]
    for role, codes in told["languages"].items():
        form["languages"][role] = codes or form["languages"][role]
    for code, text in told["texts"].items():
        before = form["texts"].setdefault(code, text)
        said = {name: value for name, value in text.items() if value and name != "origin"}
        form["texts"][code] = before | said
    for run in told["runs"]:
        if run["meetings"] or any(run[name] for name in SAID_OF_RUN):
            _take_run(form["runs"], run)
    return form


def _take_run(runs: list[dict[str, Any]], told: dict[str, Any]) -> None:
    same = [run for run in runs if _start(run) == _start(told)]
    if not same and len(runs) != 1:
        runs.append(told)
        return
    run = (same or runs)[0]
    for name in (*SAID_OF_RUN, "zone"):
        run[name] = told[name] or run[name]
    if not told["meetings"]:
        return
    [hour] = told["meetings"]
    if run["meetings"]:
        first = run["meetings"][0]
        said = {name: value for name, value in hour.items() if value and name != "uid"}
        run["meetings"][0] = first | said
    else:
        run["meetings"] = [hour]


def _start(run: dict[str, Any]) -> str:
    meetings = run["meetings"]
    return f"{meetings[0]['date']}T{meetings[0]['starts']}" if meetings else str(run["starts_at"])
