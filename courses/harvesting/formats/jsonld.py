"""JSON-LD as pages carry it: nodes by their ids, schema.org's properties whatever their prefix."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any

from academy.text import clean_line
from courses.harvesting.formats.documents import MOST_WORDS
from courses.harvesting.reading import values as reading

CONTAINERS = ("@graph", "mainEntity", "itemListElement", "item", "hasPart")
"""Where the things a page is about may stand inside something that is not one of them."""

DEEPEST_CONTAINER = 8
_PREFIX = re.compile(r"(?:https?://schema\.org/|schema:)(?=\w)")

Json = dict[str, Any]


def bare(name: str) -> str:
    """Take the prefix off a property or a type of schema.org."""
    return _PREFIX.sub("", name, count=1)


@dataclass(frozen=True, slots=True)
class Node:
    """A thing a page tells of, asked for its properties."""

    told: Mapping[str, Any]
    graph: Graph

    @property
    def id(self) -> str:
        """How the page names the thing; empty for names that mean nothing elsewhere (_:b0)."""
        name = self.told.get("@id") or self.told.get("id")
        return name.strip() if isinstance(name, str) and not name.startswith("_:") else ""

    @property
    def types(self) -> frozenset[str]:
        """What the thing is."""
        named = self.told.get("@type") or self.told.get("type")
        names = named if isinstance(named, list) else [named]
        return frozenset(bare(name) for name in names if isinstance(name, str))

    def values(self, *names: str) -> list[Any]:
        """Give the values of these properties, lists taken apart, things as nodes."""
        found = [value for name in names for value in _unpacked(self.told.get(name))]
        return [
            self.graph.node(one) if isinstance(one, dict) and "@value" not in one else one
            for one in found[:MOST_WORDS]
        ]

    def nodes(self, *names: str) -> list[Node]:
        """Give the things among these values."""
        return [one for one in self.values(*names) if isinstance(one, Node)]

    def texts(self, *names: str) -> list[tuple[str, str]]:
        """Give the texts of the first of these properties that has any, each with its language."""
        for name in names:
            found = [literal(one) for one in self.values(name)]
            if any(text for _language, text in found):
                return [(language, text) for language, text in found if text]
        return []

    def words(self, *names: str) -> str:
        """Give the first text among these properties; of a thing, its name."""
        return next((text for _language, text in self.texts(*names)), "")

    def many(self, *names: str) -> list[str]:
        """Give all the texts of these properties as lines."""
        found = (literal(one)[1] for one in self.values(*names))
        lines = (clean_line(text, limit=reading.LONGEST_WORD) for text in found)
        return list(dict.fromkeys(line for line in lines if line))

    @property
    def name(self) -> str:
        """What the thing is called: in English where its names are told by language (AMB)."""
        labels = self.told.get("prefLabel")
        if isinstance(labels, dict) and "@value" not in labels:
            told = [labels.get("en"), *labels.values()]
            return next((reading.said(one) for one in told if isinstance(one, str)), "")
        return _plain(self.told.get("name") or labels or self.told.get("alternateName"))[1]


@dataclass
class Graph:
    """The things of one page, found again by the ids they are referred to by."""

    by_id: dict[str, Json] = field(default_factory=dict)

    def add(self, block: Any) -> None:
        """Take in a block: what is told of one thing in several places is put together."""
        waiting = [block]
        while waiting:
            one = waiting.pop()
            if isinstance(one, list):
                waiting.extend(one)
            elif isinstance(one, dict):
                waiting.extend(one.values())
                name = one.get("@id")
                if isinstance(name, str) and name and len(one) > 1:
                    self.by_id[name] = _bared(one) | self.by_id.get(name, {})

    def node(self, told: Json) -> Node:
        """Give a thing: with an id it is what all the blocks of the page say of it."""
        name = told.get("@id")
        whole = self.by_id.get(name) if isinstance(name, str) and name else None
        return Node(_bared(told) if whole is None else whole, self)

    def things(self, block: Any, wanted: frozenset[str]) -> Iterator[Node]:
        """Give the things of these types in a block, and what stands for itself without a type.

        It is looked for in graphs and lists, never inside another thing that is wanted.
        """
        level, met = list(_unpacked(block)), set[str | int]()
        for depth in range(DEEPEST_CONTAINER):
            inner: list[Any] = []
            for node in self._unmet(level, met):
                if node.types & wanted or (depth == 0 and _says_no_type(node)):
                    yield node
                elif "BreadcrumbList" not in node.types:
                    inner += (
                        part for name in CONTAINERS for part in _unpacked(node.told.get(name))
                    )
            level = inner

    def _unmet(self, values: Iterable[Any], met: set[str | int]) -> Iterator[Node]:
        """Give each thing once: things may stand in one another, and in themselves."""
        for one in (value for value in values if isinstance(value, dict)):
            name = one.get("@id")
            key = name if isinstance(name, str) and name else id(one)
            if key not in met:
                met.add(key)
                yield self.node(one)


def _says_no_type(node: Node) -> bool:
    return not (node.types or any(name in node.told for name in (*CONTAINERS, "@id")))


def _bared(told: Json) -> Json:
    return {bare(name): value for name, value in told.items()}


def _unpacked(value: Any) -> Iterator[Any]:
    """Take lists apart, also those that JSON-LD writes as an object of their own."""
    if isinstance(value, dict) and ("@list" in value or "@set" in value):
        value = value.get("@list", value.get("@set"))
    values: Iterable[Any] = value if isinstance(value, list) else (value,)
    return (one for one in values if one is not None)


def literal(value: Any) -> tuple[str, str]:
    """Give the language a text is marked to be in, and the text; of a thing, its name."""
    return ("", value.name) if isinstance(value, Node) else _plain(value)


def _plain(value: Any) -> tuple[str, str]:
    language = ""
    if isinstance(value, list):
        value = value[0] if value else ""
    if isinstance(value, dict):
        marked = value.get("@language")
        language, value = marked if isinstance(marked, str) else "", value.get("@value")
    if isinstance(value, bool):
        return language, str(value)
    return language, reading.said(str(value)) if isinstance(value, str | int | float) else ""
