"""A thing as a repository describes it, whatever the words; and the draft that it makes."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from academy.text import is_web_address
from courses.catalogue.content import LanguageContent, TextContent
from courses.catalogue.models import Cost, Level
from courses.harvesting.draft import AUDIENCE, Draft, Feed, Notes, Weight
from courses.harvesting.formats.documents import taught_in
from courses.harvesting.reading import dates
from courses.harvesting.reading import values as reading
from courses.harvesting.reading.languages import language
from courses.vocabularies import licences

MOST = 100
"""Of each sort of words, so many are read."""

_TWICE = re.compile(r"(?:https?:/?/?)+(?=https?://)")
_DOI = re.compile(r"(?i)(?:doi:\s*)?(10\.\d{4,9}/\S+)")
_HANDLE = re.compile(r"(?i)hdl:\s*(\S+/\S+)")

Said = tuple[str, str]
"""A language, where one is named, and what is said in it."""


@dataclass(slots=True)
class Described:
    """What is said of a thing, in the order in which it is said."""

    titles: list[Said] = field(default_factory=list)
    descriptions: list[Said] = field(default_factory=list)
    languages: list[str] = field(default_factory=list)
    subjects: list[str] = field(default_factory=list)
    kinds: list[str] = field(default_factory=list)
    audience: list[str] = field(default_factory=list)
    levels: list[str] = field(default_factory=list)
    workloads: list[str] = field(default_factory=list)
    providers: list[str] = field(default_factory=list)
    addresses: list[str] = field(default_factory=list)
    rights: list[str] = field(default_factory=list)
    level: Level | None = None
    cost: Cost | None = None

    def draft(
        self, external_id: str, payload: Mapping[str, Any], feed: Feed, notes: Notes
    ) -> Draft:
        """Say what it means, with what the source says of all its records."""
        languages = taught_in(_split(self.languages), feed, notes)
        words = (*_split(self.subjects), *self.kinds)
        audience = _split(self.audience)
        workload = next(iter(self.workloads), feed.defaults.get("workload", ""))
        return Draft(
            external_id=external_id,
            line=notes.line,
            payload=payload,
            kind=reading.kind(" ".join(self.kinds)),
            texts=_texts(self, languages),
            languages=languages,
            words=list(dict.fromkeys(words)),
            codes={AUDIENCE: audience} if audience else {},
            provider=_provider(self.providers) or feed.defaults.get("provider") or None,
            address=_address(self.addresses, notes),
            # Days in such records are those of a publication: none says when something begins.
            runs=[dates.run_between("", "", dates.clock("", feed.zone, notes))],
            delivery=reading.delivery(feed.defaults.get("mode", "")),
            level=self.level or reading.level(feed.defaults.get("level", "")),
            cost=self.cost or reading.cost(feed.defaults.get("cost", "")),
            workload=reading.workload(workload, notes),
            licence=reading.licence(_licence(self.rights), feed.defaults.get("licence", "")),
            findings=notes.found,
        )


def _split(texts: list[str]) -> list[str]:
    """Take words apart that stand in one text; each once."""
    words = (word for text in texts for word in reading.many(text))
    return list(dict.fromkeys(words))[:MOST]


def _texts(told: Described, languages: list[LanguageContent]) -> list[TextContent]:
    """Give the texts by language, that of the first title first: it takes what is left over."""
    titles: dict[str, str] = {}
    for said_in, title in told.titles:
        titles.setdefault(language(said_in) or "", title)
    long: dict[str, list[str]] = {}
    for said_in, text in told.descriptions:
        long.setdefault(language(said_in) or "", []).append(text)
    own = next(iter(titles), "")
    meant = own or next((one.code for one in languages), "")
    mine = [*long.pop(own, []), *(long.pop("", []) if own else [])]
    others = [code for code in titles if code not in {own, ""}]
    if not mine:
        left = [code for code in long if code not in others]
        mine = long[meant if meant in left else left[0]] if left else []
    texts = [TextContent(own, titles.get(own, ""), None, "\n\n".join(mine))]
    for code in others:
        texts.append(TextContent(code, titles[code], None, "\n\n".join(long.get(code, []))))
    return texts


def _provider(names: list[str]) -> str:
    """Give the first name; publishers are sometimes named by a mail address or a link."""
    return next((name for name in names if "@" not in name and not is_web_address(name)), "")


def _licence(told: list[str]) -> str:
    """Give the licence that is named, else the address of terms; who has rights is no licence."""
    named = (name for text in told if (name := licences.named_in(text)))
    return next(named, "") or next((text for text in told if is_web_address(text)), "")


def _address(told: list[str], notes: Notes) -> str | None:
    """Give the first web address, be it written as a DOI or a handle, or with http: twice."""
    for text in told:
        mended = _TWICE.sub("", text.strip())
        if doi := _DOI.fullmatch(mended):
            mended = f"https://doi.org/{doi[1]}"
        elif handle := _HANDLE.fullmatch(mended):
            mended = f"https://hdl.handle.net/{handle[1]}"
        elif mended != text.strip():
            notes.add("url", "mended-address", text, Weight.REPAIRED)
        if is_web_address(mended):
            return reading.address(mended, notes)
    return reading.address(next((text for text in told if ":/" in text), ""), notes)
