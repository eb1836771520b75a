"""What a course, an event or a material of schema.org means, once a page has told of it."""

from __future__ import annotations

import hashlib
import html
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from itertools import islice

from academy.text import is_web_address
from courses.catalogue.content import LanguageContent, TextContent
from courses.catalogue.models import Kind
from courses.catalogue.texts import LanguageRole
from courses.harvesting.draft import AUDIENCE, LONGEST_ID, Draft, Feed, Notes
from courses.harvesting.formats.documents import MOST_WORDS, taught_in
from courses.harvesting.formats.jsonld import Node, literal
from courses.harvesting.formats.occasions import EVENTS, cost_of, delivery_of, run_of, workload_of
from courses.harvesting.formats.pages import Page
from courses.harvesting.reading import values as reading
from courses.harvesting.reading.languages import language
from courses.vocabularies import licences

COURSES = frozenset(("Course", "CourseInstance", "EducationalOccupationalProgram"))
MATERIALS = frozenset(("LearningResource",))
VIDEOS = frozenset(("VideoObject",))

MOST_RUNS = 100
LONGEST_LIST = 10_000
LONGEST_SUBJECT = 80
"""Characters of something taught that still names a subject; what is longer is a sentence."""


@dataclass(frozen=True, slots=True)
class Thing:
    """A thing a page tells of, which is to become a record."""

    node: Node
    page: Page
    feed: Feed
    notes: Notes
    alone: bool
    """Whether it is the only one of its page, so that the page is about it."""


def draft_of(thing: Thing) -> Draft:
    """Say what a thing means; what it leaves open, the defaults of the source fill."""
    node, notes, defaults = thing.node, thing.notes, thing.feed.defaults
    instances = node.nodes("hasCourseInstance")[:MOST_RUNS]
    languages = _languages(thing, instances)
    texts = _texts(node, languages)
    provider = node.words("provider", "organizer", "publisher", "sourceOrganization")
    address = _address(thing, instances)
    return Draft(
        external_id=_external_id(thing, texts[0].title, provider),
        line=notes.line,
        payload=dict(node.told),
        kind=_kind(node),
        texts=texts,
        languages=languages,
        words=_words(node, instances),
        codes=_audience(node),
        provider=provider or defaults.get("provider") or None,
        address=address,
        runs=[run_of(one, thing.feed, notes) for one in instances or [node]],
        delivery=delivery_of([node, *instances]) or reading.delivery(defaults.get("mode", "")),
        level=reading.level(node.words("educationalLevel") or defaults.get("level", "")),
        cost=cost_of([node, *instances]) or reading.cost(defaults.get("cost", "")),
        workload=reading.workload(workload_of(node, instances), notes),
        licence=reading.licence(*_licences(node), defaults.get("licence", "")),
        findings=notes.found,
    )


def _licences(node: Node) -> list[str]:
    """Give what names the licence: an address, a name, or a thing that has either."""
    told = [
        text
        for one in node.values("license")
        for text in ((one.words("url"), one.id, one.name) if isinstance(one, Node) else (one,))
        if isinstance(text, str)
    ]
    return sorted(told, key=lambda text: not licences.named_in(text))


def _kind(node: Node) -> Kind:
    if node.types & EVENTS and not node.types & COURSES:
        return Kind.WEBINAR
    return reading.kind(" ".join(node.many("learningResourceType", "additionalType")))


def _languages(thing: Thing, instances: Sequence[Node]) -> list[LanguageContent]:
    """Give the languages a thing is in; if it says none, that of the source, else of the page."""
    said = [_tag(one) for one in (thing.node, *instances) for one in one.values("inLanguage")]
    said += [_tag(one) for one in thing.node.values("availableLanguage")]
    taught = taught_in([word for word in dict.fromkeys(said) if word], thing.feed, thing.notes)
    page = language(thing.page.language)
    if not taught and page:
        taught = taught_in([], replace(thing.feed, defaults={"language": page}), thing.notes)
    subtitles = (language(_tag(one)) for one in thing.node.values("subtitleLanguage"))
    role = LanguageRole.SUBTITLES
    return taught + [LanguageContent(code, role) for code in dict.fromkeys(subtitles) if code]


def _tag(value: object) -> str:
    if isinstance(value, Node):
        return value.words("alternateName", "identifier", "name") or value.id
    return value.strip() if isinstance(value, str) else ""


def _texts(node: Node, languages: Sequence[LanguageContent]) -> list[TextContent]:
    """Give what a thing says of itself, in each language its name is marked to be in."""
    own = next((one.code for one in languages if one.role is LanguageRole.TAUGHT), "")
    names = node.texts("name", "headline")
    long, short = node.texts("description"), node.texts("abstract")
    texts: dict[str, TextContent] = {}
    for marked, name in names:
        code = language(marked) or own
        about, brief = _in(marked, long), _in(marked, short)
        text = TextContent(code, name, (brief if about else "") or None, about or brief)
        texts.setdefault(code, text)
    first = texts.pop(own, None)
    return [*([first] if first else ()), *texts.values()] or [TextContent(own, "")]


def _in(marked: str, told: list[tuple[str, str]]) -> str:
    """Give the text that is marked as its name is, else one that is not marked."""
    by_language = dict(reversed(told))
    return by_language.get(marked, by_language.get("", ""))


def _address(thing: Thing, instances: Sequence[Node]) -> str | None:
    node, page = thing.node, thing.page
    told = [node.words("url"), node.id if is_web_address(node.id) else ""]
    told += [page.address if thing.alone else ""]
    told += [one.words("url") or one.id for one in reversed(instances)]
    first = next((one for one in told if one), "")
    return reading.address(page.absolute(first) if first else "", thing.notes)


def _external_id(thing: Thing, title: str, provider: str) -> str:
    """Give what names the thing everywhere: its id, its address, its page; else a digest of it."""
    node, page = thing.node, thing.page
    named = (page.absolute(one) for one in (node.id, node.words("url")) if one)
    found = [one for one in named if is_web_address(one) and len(one) <= LONGEST_ID]
    if thing.alone:
        found.append(page.address)
    code = node.words("courseCode")
    own = next((one for one in (*found, code) if one and len(one) <= LONGEST_ID), "")
    if own:
        return own
    thing.notes.add("id", "no-own-id")
    parts = "\x1f".join((title, provider, node.words("url"), node.words("startDate")))
    return "sha256:" + hashlib.sha256(parts.encode(errors="replace")).hexdigest()[:32]


def _words(node: Node, instances: Sequence[Node]) -> list[str]:
    """Give the words that may mean one of our terms, each once."""
    listed = [word for one in (node, *instances) for word in _keywords(one)]
    taught = [word for word in node.many("teaches") if len(word) <= LONGEST_SUBJECT]
    modes = [word for one in (node, *instances) for word in one.many("courseMode")]
    about = (*node.many("about"), *taught, *node.many("learningResourceType"))
    return list(dict.fromkeys((*listed, *about, *modes)))


def _keywords(node: Node) -> Iterator[str]:
    """Give keywords, which schema.org lets stand in one text with commas between them."""
    for one in node.values("keywords"):
        text = html.unescape(literal(one)[1][:LONGEST_LIST])
        words = [text] if isinstance(one, Node) else reading.many(text.replace(",", ";"))
        yield from islice(words, MOST_WORDS)


def _audience(node: Node) -> dict[str, list[str]]:
    roles = (one.many("audienceType", "educationalRole", "name") for one in node.nodes("audience"))
    named = [value for value in node.values("audience") if isinstance(value, str)]
    words = list(dict.fromkeys((*named, *(word for role in roles for word in role))))
    return {AUDIENCE: words} if words else {}
