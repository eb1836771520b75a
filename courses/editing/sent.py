"""An offer's form as a browser sends it: names such as "runs-0-starts_at", put together again."""

from __future__ import annotations

import re
from collections.abc import Iterable
from typing import Any

from courses.catalogue.texts import LanguageRole
from courses.editing.checking import check_size
from courses.editing.form import LISTS, OF_MEETING, OF_RUN, OF_TEXT, PLAIN, Content, tidy

_OF_RUN = re.compile(r"runs-(\d{1,4})-(?:meetings-(\d{1,4})-)?(title-[\w-]+|\w+)", re.ASCII)
_OF_TEXT = re.compile(rf"texts-([\w-]+)-({'|'.join(OF_TEXT)})", re.ASCII)
_LANGUAGES = {f"languages-{role.value}": role.value for role in LanguageRole}
Rows = dict[int, dict[str, Any]]


def form_sent(pairs: Iterable[tuple[str, str]]) -> Content:
    """Make a form of the names and values sent; rows stand in the order of their numbers.

    Raises Invalid when it has more rows than anybody needs.
    """
    form: Content = {"texts": {}, "audience": {}, "languages": {}}
    runs: Rows = {}
    for name, text in pairs:
        if name in ("kind", "language", *PLAIN):
            form[name] = text
        elif name in LISTS:
            form.setdefault(name, []).append(text)
        elif name in _LANGUAGES:
            form["languages"].setdefault(_LANGUAGES[name], []).append(text)
        elif found := _OF_TEXT.fullmatch(name):
            form["texts"].setdefault(found[1], {})[found[2]] = text
        elif name.startswith("audience-"):
            form["audience"][name.removeprefix("audience-")] = text
        elif found := _OF_RUN.fullmatch(name):
            _put(runs, found, text)
    form["runs"] = [_whole(run) for _index, run in sorted(runs.items())]
    check_size(form)
    return tidy(form)


def _put(runs: Rows, found: re.Match[str], text: str) -> None:
    run, meeting, field = int(found[1]), found[2], found[3]
    row = runs.setdefault(run, {"meetings": {}})
    if meeting is not None:
        row = row["meetings"].setdefault(int(meeting), {"title": {}})
    if field.startswith("title-"):
        row.setdefault("title", {})[field.removeprefix("title-")] = text
    elif field != "meetings":
        row[field] = text


def _whole(run: dict[str, Any]) -> dict[str, Any]:
    return run | {"meetings": [one for _index, one in sorted(run["meetings"].items())]}


def names_of(form: Content) -> list[tuple[str, str]]:
    """Give the names and values with which a browser would send the form."""
    sent = [(name, form[name]) for name in ("kind", "language", *PLAIN)]
    sent += [(name, code) for name in LISTS for code in form[name]]
    sent += [
        (f"languages-{role}", code) for role, codes in form["languages"].items() for code in codes
    ]
    sent += [
        (f"texts-{code}-{name}", text[name])
        for code, text in form["texts"].items()
        for name in OF_TEXT
    ]
    sent += [(f"audience-{code}", text) for code, text in form["audience"].items()]
    for index, run in enumerate(form["runs"]):
        sent += _names_of_run(f"runs-{index}", run)
    return sent


def _names_of_run(before: str, run: Content) -> list[tuple[str, str]]:
    sent = [(f"{before}-{name}", run[name]) for name in ("reference", *OF_RUN)]
    for index, meeting in enumerate(run["meetings"]):
        row = f"{before}-meetings-{index}"
        sent += [(f"{row}-{name}", meeting[name]) for name in ("uid", *OF_MEETING)]
        sent += [(f"{row}-title-{code}", text) for code, text in meeting["title"].items()]
    return sent
