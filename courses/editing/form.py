"""An offer as people edit it: a nested dict of texts, the same for the web form and the API.

    {"kind": "course", "language": "en",
     "texts": {"en": {"title": ..., "summary": ..., "description": ..., "origin": "original"}},
     "audience": {"en": ...}, "issues": ["water"], "methodologies": ["mooc"],
     "audiences": ["elected"],
     "languages": {"taught": ["en"], "subtitles": [], "materials": [], "interface": []},
     "address": ..., "contact": ..., "cost": "free", "capacity": ..., (the other PLAIN fields)
     "runs": [{"reference": ..., "zone": "Europe/Paris", "starts_at": "2026-11-24T09:00",
               "ends_at": ..., "enrol_until": ..., "capacity": "30",
               "meetings": [{"uid": ..., "date": "2026-11-24", "starts": "09:00", "ends": "10:30",
                             "title": {"en": ...}, "join_link": ..., "recording": ...,
                             "cancelled": ""}]}]}

Every leaf is a text, "" where nothing is said, or a list of codes. An hour is that of the run's
zone, unless it brings an offset. What was typed is kept, right or wrong: `checking` judges it.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from academy.db import new_reference
from academy.text import LONGEST, clean_html, clean_line
from courses.catalogue.models import Offer
from courses.catalogue.runs import Meeting, MeetingStatus, Run
from courses.catalogue.texts import LanguageRole, OfferText
from courses.editing.hours import hours, local
from courses.vocabularies import licences
from courses.vocabularies.models import Vocabulary

Content = dict[str, Any]

PLAIN = (
    *("provider", "address", "contact", "cost", "certificate", "level", "pace", "delivery"),
    *("workload_minutes", "workload", "data_mb", "data_mb_light", "licence"),
)
LISTS = {
    "issues": Vocabulary.ISSUE,
    "methodologies": Vocabulary.METHODOLOGY,
    "audiences": Vocabulary.AUDIENCE,
}
OF_TEXT = ("title", "summary", "description", "origin")
OF_RUN = ("zone", "starts_at", "ends_at", "enrol_until", "capacity")
OF_MEETING = ("date", "starts", "ends", "join_link", "recording", "cancelled")
MOST_TEXTS, MOST_RUNS, MOST_MEETINGS, MOST_CODES = 40, 100, 100, 200
LONGEST_DESCRIPTION = 50_000
_KEY = re.compile(r"[\w-]{1,60}", re.ASCII)
_TURNED = re.compile("[\x00\u202a-\u202e\u2066-\u2069]")
"""What would turn the direction of the text around it."""

_LANGUAGE = re.compile(r"[A-Za-z]{2,8}(?:-[A-Za-z0-9]{1,8}){0,4}")


def form_of(offer: Offer) -> Content:
    """Write a whole offer as people edit it; it may be one that was never stored."""
    texts = sorted(offer.texts, key=lambda text: text.language != offer.language)
    plain = {name: _plain(getattr(offer, name)) for name in PLAIN}
    terms = sorted(offer.terms, key=lambda term: term.position)
    lists = {
        name: [term.code for term in terms if term.vocabulary is vocabulary]
        for name, vocabulary in LISTS.items()
    }
    languages: dict[str, list[str]] = {role.value: [] for role in LanguageRole}
    for one in sorted(offer.languages, key=lambda one: (one.code != offer.language, one.code)):
        languages[one.role].append(one.code)
    return {
        "kind": _plain(offer.kind),
        "language": offer.language,
        "texts": {text.language: _text(text) for text in texts},
        "audience": {code: text for code, text in offer.audience.items() if text},
        **lists,
        "languages": languages,
        **plain,
        "runs": [_run(run) for run in offer.runs],
    }


def _plain(value: object) -> str:
    return "" if value is None else str(value)


def _text(text: OfferText) -> dict[str, str]:
    return {name: _plain(getattr(text, name)) for name in OF_TEXT}


def _run(run: Run) -> Content:
    """What the meetings say anyway is not said again: so it moves with them."""
    meetings = sorted(run.meetings, key=lambda one: (one.starts_at, one.uid or ""))
    starts = None if meetings and run.starts_at == meetings[0].starts_at else run.starts_at
    last = max((one.ends_at for one in meetings), default=None)
    return {
        "reference": run.reference,
        "zone": run.zone,
        "starts_at": local(starts, run.zone),
        "ends_at": local(None if run.ends_at == last else run.ends_at, run.zone),
        "enrol_until": local(run.enrol_until, run.zone),
        "capacity": _plain(run.capacity),
        "meetings": [_meeting(one, run.zone) for one in meetings],
    }


def _meeting(one: Meeting, zone: str) -> Content:
    return {
        "uid": one.uid,
        **hours(one.starts_at, one.ends_at, zone),
        "title": dict(one.title or {}),
        "join_link": one.join_link or "",
        "recording": one.recording or "",
        "cancelled": "yes" if one.status is MeetingStatus.CANCELLED else "",
    }


def tidy(told: Mapping[str, Any]) -> Content:
    """Make a form of whatever was sent: texts cleaned, nothing typed cut off, no surprises.

    What is no text where a text belongs becomes "". Beyond the MOST_... of each, rows are left
    out; `checking.check_size` refuses such a form before.
    """
    texts = _mapping(told.get("texts"))
    runs = [_tidy_run(run) for run in _sequence(told.get("runs"))[:MOST_RUNS]]
    _tell_apart(runs, "reference")
    _tell_apart([meeting for run in runs for meeting in run["meetings"]], "uid")
    return {
        "kind": _line(told.get("kind")),
        "language": _line(told.get("language")),
        "texts": {code: _tidy_text(texts[code]) for code in _languages(texts)},
        "audience": _tidy_words(told.get("audience")),
        **{name: _codes(told.get(name)) for name in LISTS},
        "languages": {
            role.value: _codes(_mapping(told.get("languages")).get(role.value))
            for role in LanguageRole
        },
        **{name: _line(told.get(name)) for name in PLAIN},
        "licence": _licence(_line(told.get("licence"))),
        "runs": runs,
    }


def _licence(typed: str) -> str:
    """Call a licence by its usual name; what is too long stays, for its author to shorten."""
    return licences.licence(typed) if len(typed) <= licences.LONGEST else typed


def _tell_apart(rows: Iterable[Content], name: str) -> None:
    """Give a row whose name another has already a name of its own."""
    seen: set[str] = set()
    for row in rows:
        if row[name] in seen:
            row[name] = new_reference()
        seen.add(row[name])


def _tidy_text(told: object) -> dict[str, str]:
    text = _mapping(told)
    return {
        "title": _line(text.get("title")),
        "summary": _line(text.get("summary")),
        "description": _tidy_description(text.get("description")),
        "origin": _line(text.get("origin")) or "original",
    }


def _tidy_description(told: object) -> str:
    """Clean what can be kept; what is too long stays as it is, for its author to shorten."""
    markup = _TURNED.sub("", told) if isinstance(told, str) else ""
    return clean_html(markup) if len(markup) <= LONGEST_DESCRIPTION else markup


def _tidy_run(told: object) -> Content:
    run = _mapping(told)
    meetings = _sequence(run.get("meetings"))[:MOST_MEETINGS]
    return {
        "reference": _key(run.get("reference")),
        **{name: _line(run.get(name)) for name in OF_RUN},
        "meetings": [_tidy_meeting(one) for one in meetings],
    }


def _tidy_meeting(told: object) -> Content:
    one = _mapping(told)
    return {
        "uid": _key(one.get("uid")),
        **{name: _line(one.get(name)) for name in OF_MEETING},
        "title": _tidy_words(one.get("title")),
    }


def _tidy_words(told: object) -> dict[str, str]:
    words = _mapping(told)
    cleaned = {code: _line(words[code]) for code in _languages(words)}
    return {code: text for code, text in cleaned.items() if text}


def _languages(told: Mapping[Any, Any]) -> list[str]:
    known = [code for code in told if isinstance(code, str) and _LANGUAGE.fullmatch(code)]
    return known[:MOST_TEXTS]


def _codes(told: object) -> list[str]:
    codes = [one for one in _sequence(told) if isinstance(one, str) and one.strip()]
    return list(dict.fromkeys(_line(one)[:60] for one in codes[:MOST_CODES]))


def _line(told: object) -> str:
    if isinstance(told, bool) or not isinstance(told, str | int | float):
        return "yes" if told is True else ""
    return clean_line(str(told), limit=LONGEST)


def _key(told: object) -> str:
    """Give the name by which a row is known again; a new one for a new row."""
    return told if isinstance(told, str) and _KEY.fullmatch(told) else new_reference()


def _mapping(told: object) -> Mapping[str, Any]:
    return told if isinstance(told, Mapping) else {}


def _sequence(told: object) -> Sequence[Any]:
    return told if isinstance(told, list | tuple) else []
