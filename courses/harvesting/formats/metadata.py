"""What repositories say of a thing: in the words of Dublin Core and schema.org, or of LOM."""

from __future__ import annotations

import re

from courses.catalogue.models import Cost, Level
from courses.harvesting.formats.described import MOST, Described, Said
from courses.harvesting.formats.markup import LANGUAGE, Element
from courses.harvesting.reading import durations
from courses.harvesting.reading import values as reading

DUBLIN_CORE = "{http://www.openarchives.org/OAI/2.0/oai_dc/}dc"
RDF = "{http://www.w3.org/1999/02/22-rdf-syntax-ns#}"
LOM = re.compile(
    r"\{http://(?:ltsc\.ieee\.org/xsd/LOM|www\.imsglobal\.org/xsd/imsmd_)[\w./]{0,40}\}"
)
"""The namespaces of LOM: that of IEEE, and those that IMS gave to its drafts."""

SCHEMA_LOCATION = "{http://www.w3.org/2001/XMLSchema-instance}schemaLocation"
OF_OPENAIRE = "info:eu-repo/semantics/"
"""How repositories begin the names of kinds of publications."""

LONGEST_CODE = 20

_TERMS = {
    "title": "titles",
    "description": "descriptions",
    "abstract": "descriptions",
    "language": "languages",
    "subject": "subjects",
    "type": "kinds",
    "audience": "audience",
    "educationLevel": "levels",
    "extent": "workloads",
    "publisher": "providers",
    "identifier": "addresses",
    "rights": "rights",
    "license": "rights",
}
_SCHEMA = {
    "name": "titles",
    "description": "descriptions",
    "inLanguage": "languages",
    "keywords": "subjects",
    "learningResourceType": "kinds",
    "audience": "audience",
    "educationalLevel": "levels",
    "timeRequired": "workloads",
    "url": "addresses",
    "license": "rights",
}
FIELDS = {
    f"{{{space}}}{name}": meant
    for spaces, names in (
        (("http://purl.org/dc/elements/1.1/", "http://purl.org/dc/terms/"), _TERMS),
        (("http://schema.org/", "https://schema.org/"), _SCHEMA),
    )
    for space in spaces
    for name, meant in names.items()
}
_DIFFICULTIES = {
    "very easy": Level.INTRODUCTORY,
    "easy": Level.INTRODUCTORY,
    "medium": Level.INTERMEDIATE,
    "difficult": Level.ADVANCED,
    "very difficult": Level.ADVANCED,
}
_COSTS = {"no": Cost.FREE, "yes": Cost.PAID}
_NAMED = re.compile(r"(?im)^\s*(?:ORG|FN)[^:\n]{0,40}:\s*([^;\r\n]+)")


def described(told: Element) -> Described | None:
    """Read what a metadata element holds; None when it is in no form we know."""
    if LOM.match(told.name):
        return _lom(_bare(told))
    if told.name == f"{RDF}RDF":
        inside = told.children[:1]
        return _flat(inside[0], [inside[0].local]) if inside else None
    return _flat(told, [])


def _flat(told: Element, kinds: list[str]) -> Described | None:
    """Read a form in which every element directly inside is one property."""
    found = Described(kinds=kinds)
    known = told.name == DUBLIN_CORE
    for one in told.children:
        meant = FIELDS.get(one.name)
        known = known or meant is not None
        text = reading.said(one.text or one.attributes.get(f"{RDF}resource", ""))
        if meant == "providers" and one.children:
            continue  # Somebody with a name, a mailbox and a telephone.
        listed = getattr(found, meant) if meant and text else None
        if listed is not None and len(listed) < MOST:
            listed.append((one.language, text) if meant in {"titles", "descriptions"} else text)
    found.kinds = [kind.removeprefix(OF_OPENAIRE) for kind in found.kinds]
    found.workloads = [durations.spelled(text) for text in found.workloads]
    found.level = next(filter(None, map(reading.level, found.levels)), None)
    return found if known else None


def _bare(told: Element) -> Element:
    """Take the namespaces off: those of LOM differ in them and in capitals, and in little else."""
    children = [one if isinstance(one, str) else _bare(one) for one in told.held]
    return Element(told.local.lower(), told.attributes, told.line, children)


def _lom(told: Element) -> Described:
    learning = "educational"
    time = told.texts(learning, "typicallearningtime", "duration") or told.texts(
        learning, "typicallearningtime", "datetime"
    )
    found = Described(
        titles=_strings(told, "general", "title"),
        descriptions=_strings(told, "general", "description"),
        languages=told.texts("general", "language"),
        subjects=[text for _language, text in _strings(told, "general", "keyword")],
        kinds=told.texts(learning, "learningresourcetype", "value"),
        audience=told.texts(learning, "intendedenduserrole", "value"),
        workloads=[durations.spelled(text) for text in time],
        providers=_publishers(told),
        addresses=[
            *told.texts("technical", "location"),
            *told.texts("general", "identifier", "entry"),
            *told.texts("general", "catalogentry", "entry"),
        ],
        level=_DIFFICULTIES.get(_word(told.texts(learning, "difficulty", "value"))),
        cost=_COSTS.get(_word(told.texts("rights", "cost", "value"))),
        rights=[text for _language, text in _strings(told, "rights", "description")],
    )
    taxa = _strings(told, "classification", "taxonpath", "taxon", "entry")
    found.subjects += [text for _language, text in taxa]
    return found


def _word(texts: list[str]) -> str:
    return next(iter(texts), "").lower()


def _strings(told: Element, *path: str) -> list[Said]:
    """Give the texts at the end of a path, each in the languages in which it is written."""
    found: list[Said] = []
    for one in told.under(*path):
        parts = [part for part in one.children if part.local in {"string", "langstring"}]
        for part in parts or [one]:
            language = part.attributes.get("language", "").strip() or part.language
            if text := reading.said(part.text):
                found.append(("" if language == "x-none" else language, text))
    return found[:MOST]


def _publishers(told: Element) -> list[str]:
    """Give the names on the visiting cards of publishers, that of the organization first."""
    names: list[str] = []
    for one in told.under("lifecycle", "contribute"):
        if "publisher" not in "".join(one.texts("role", "value")).lower():
            continue
        for card in one.texts("entity") + one.texts("centity"):
            found = sorted(_NAMED.finditer(card), key=lambda line: "FN" in line[0][:4].upper())
            names += [line[1].replace("\\,", ",").strip() for line in found] or [card]
    return names[:MOST]


def flattened(told: Element, path: str = "") -> dict[str, list[str]]:
    """Give every text and attribute of an element by the path that leads to it."""
    found: dict[str, list[str]] = {}
    path = f"{path}/{told.local}" if path else told.local
    if told.language:
        path += f"@{told.language[:LONGEST_CODE]}"
    for name, value in told.attributes.items():
        if name not in {LANGUAGE, SCHEMA_LOCATION}:
            found.setdefault(f"{path}/@{name.rpartition('}')[2]}", []).append(value)
    for one in told.held:
        inside = flattened(one, path) if isinstance(one, Element) else {path: [one.strip()]}
        for place, texts in inside.items():
            found.setdefault(place, []).extend(text for text in texts if text)
    return {place: texts for place, texts in found.items() if texts}
