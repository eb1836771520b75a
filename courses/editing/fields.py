"""The fields of a form one by one, by their paths: what differs, what is taken over, and back.

A path is such as "texts.en.title", "issues" or "runs.3f9a.meetings.77bc.starts".
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from copy import deepcopy
from typing import Any

from courses.catalogue.texts import LanguageRole
from courses.editing.form import LISTS, OF_MEETING, OF_RUN, OF_TEXT, PLAIN, Content

Value = str | list[str]
Fields = dict[str, Value]
Changes = dict[str, list[Value | None]]
"""A path, and its value before and after; None where there was no such field."""


def fields_of(content: Content) -> Fields:
    """Give every field that says something, by its path."""
    found: Fields = {name: content.get(name, "") for name in ("kind", "language", *PLAIN, *LISTS)}
    for code, text in content["texts"].items():
        found |= {f"texts.{code}.{name}": text[name] for name in OF_TEXT}
    found |= {f"audience.{code}": text for code, text in content["audience"].items()}
    found |= {f"languages.{role}": codes for role, codes in content["languages"].items()}
    for run in content["runs"]:
        found |= _fields_of_run(run)
    return {path: value for path, value in found.items() if value}


def _fields_of_run(run: Content) -> Fields:
    path = f"runs.{run['reference']}"
    found: Fields = {f"{path}.{name}": run[name] for name in OF_RUN}
    for meeting in run["meetings"]:
        inner = f"{path}.meetings.{meeting['uid']}"
        found |= {f"{inner}.{name}": meeting[name] for name in OF_MEETING}
        found |= {f"{inner}.title.{code}": text for code, text in meeting["title"].items()}
    return found


def changes_between(before: Mapping[str, Any], after: Mapping[str, Any]) -> Changes:
    """Tell which fields differ, in the order of the form."""
    paths = dict.fromkeys((*after, *before))
    return {
        path: [before.get(path), after.get(path)]
        for path in paths
        if before.get(path) != after.get(path)
    }


def unit_of(path: str) -> str:
    """Give the part of a form that is taken over as a whole: a run, or else a field."""
    return ".".join(path.split(".")[:2]) if path.startswith("runs.") else path


def units(paths: Iterable[str]) -> list[str]:
    """List the parts to which these paths belong, each once."""
    return list(dict.fromkeys(unit_of(path) for path in paths))


def merged(content: Content, other: Content, taken: Iterable[str]) -> Content:
    """Take these parts over from the other form; the rest stays."""
    result = deepcopy(content)
    for unit in taken:
        head, _dot, rest = unit.partition(".")
        if head == "runs":
            _take_run(result, other, rest)
        elif head == "texts":
            _take_text(result, other, *rest.rsplit(".", 1))
        elif rest:
            _take(result[head], other[head], rest)
        else:
            result[head] = other[head]
    return result


def _take(into: dict[str, Any], other: Mapping[str, Any], name: str) -> None:
    if name in other:
        into[name] = deepcopy(other[name])
    else:
        into.pop(name, None)


def _take_text(into: Content, other: Content, code: str, name: str) -> None:
    texts = into["texts"]
    text = texts.setdefault(code, dict.fromkeys(OF_TEXT, ""))
    text[name] = other["texts"].get(code, {}).get(name, "")
    if code not in other["texts"] and not any(text[one] for one in OF_TEXT if one != "origin"):
        del texts[code]


def _take_run(into: Content, other: Content, reference: str) -> None:
    runs = {run["reference"]: run for run in into["runs"]}
    _take(runs, {run["reference"]: run for run in other["runs"]}, reference)
    into["runs"] = list(runs.values())


def content_of(fields: Mapping[str, Value]) -> Content:
    """Put a form together from its fields again. What is not of a form is left out."""
    content: Content = {name: _text(fields.get(name)) for name in ("kind", "language", *PLAIN)}
    content |= {name: _list(fields.get(name)) for name in LISTS}
    content |= {"texts": {}, "audience": {}, "runs": []}
    content["languages"] = {
        role.value: _list(fields.get(f"languages.{role.value}")) for role in LanguageRole
    }
    for path, value in fields.items():
        match path.split("."):
            case ["texts", code, name]:
                text = content["texts"].setdefault(code, dict.fromkeys(OF_TEXT, ""))
                text[name] = value
            case ["audience", code]:
                content["audience"][code] = value
            case ["runs", reference, *inner]:
                _put(_run(content, reference), inner, value)
    return content


def _put(run: Content, path: list[str], value: Value) -> None:
    match path:
        case [name]:
            run[name] = value
        case ["meetings", uid, "title", code]:
            _meeting(run, uid)["title"][code] = value
        case ["meetings", uid, name]:
            _meeting(run, uid)[name] = value


def _run(content: Content, reference: str) -> Content:
    empty = {"reference": reference, **dict.fromkeys(OF_RUN, ""), "meetings": []}
    return _found(content["runs"], "reference", reference, empty)


def _meeting(run: Content, uid: str) -> Content:
    empty = {"uid": uid, **dict.fromkeys(OF_MEETING, ""), "title": {}}
    return _found(run["meetings"], "uid", uid, empty)


def _found(rows: list[Content], name: str, key: str, otherwise: Content) -> Content:
    row = next((one for one in rows if one[name] == key), None)
    if row is None:
        rows.append(row := otherwise)
    return row


def _text(value: Value | None) -> str:
    return value if isinstance(value, str) else ""


def _list(value: Value | None) -> list[str]:
    return value if isinstance(value, list) else []
