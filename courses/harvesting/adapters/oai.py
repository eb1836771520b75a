"""OAI-PMH 2.0: the records of a repository, in LOM where it has it, else in Dublin Core.

Before the records, a repository is asked to identify itself and to list its formats: so each
request has the granularity that it states. Addresses hold behind their # what is remembered.
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime, timedelta

from academy.text import clean_line
from courses.harvesting.draft import Draft, Feed, Finding, Gone, NotAFeed, Notes, Weight
from courses.harvesting.formats.addresses import arguments_of, asking, remarks_of
from courses.harvesting.formats.markup import Document, Element, document_of
from courses.harvesting.formats.metadata import LOM, described, flattened
from courses.harvesting.reading import dates
from courses.harvesting.reading.decoding import noted

COMPLETE = True
OAI = "{http://www.openarchives.org/OAI/2.0/}"
ROOT, RECORD, TOKEN, ERROR = f"{OAI}OAI-PMH", f"{OAI}record", f"{OAI}resumptionToken", f"{OAI}error"
IDENTIFY, FORMATS = f"{OAI}Identify", f"{OAI}ListMetadataFormats"
ANSWERS = frozenset((IDENTIFY, FORMATS, ERROR, f"{OAI}ListRecords", f"{OAI}GetRecord"))
OF_THE_PROTOCOL = frozenset(
    ("verb", "metadataPrefix", "set", "from", "until", "identifier", "resumptionToken")
)


def begin(address: str, *, since: datetime | None) -> str:
    """Ask the repository who it is; a set and a format may be named in its address."""
    asked = arguments_of(address)
    kept = {name: asked[name] for name in ("metadataPrefix", "set") if asked.get(name)}
    if since:
        kept["since"] = since.isoformat()
    return _asking(address, {"verb": "Identify"}, kept)


def following(feed: Feed, address: str) -> list[str]:
    """Give what is asked next: the formats, then the records, then the rest of the records."""
    document, kept = _document(feed), remarks_of(address)
    for one in document.elements(IDENTIFY, FORMATS, TOKEN):
        if isinstance(one, int):
            continue
        if one.name == TOKEN:
            more = {"verb": "ListRecords", "resumptionToken": one.text}
            return [_asking(address, more, _next(address))] if one.text else []
        new = ("from", _from(one, kept)) if one.name == IDENTIFY else ("metadataPrefix", _best(one))
        kept |= [new]
        if "metadataPrefix" not in kept:
            return [_asking(address, {"verb": "ListMetadataFormats"}, kept)]
        told = {name: kept[name] for name in ("metadataPrefix", "set", "from") if kept.get(name)}
        return [_asking(address, {"verb": "ListRecords", **told}, {})]
    return []


def _next(address: str) -> dict[str, str]:
    """Say which part of which list of records comes after this one."""
    asked, kept = arguments_of(address), remarks_of(address)
    listed = kept.get("list") or asking("", {k: v for k, v in asked.items() if k != "verb"})
    return {"list": listed, "part": str(int(kept.get("part", 1)) + 1)}


def named(address: str) -> str:
    """Name a part of a list by its place there: tokens are other ones in each reading."""
    if "part" not in remarks_of(address):
        return address
    return _asking(address, {}, remarks_of(address))


def stated(feed: Feed) -> datetime | None:
    """Give when the repository answered, by its own clock: from there the next reading goes on."""
    said = _document(feed).elements(f"{OAI}responseDate")
    moments = (dates.instant(one.text, "UTC") for one in said if isinstance(one, Element))
    return next((moment.at for moment in moments if moment), None)


def _asking(address: str, arguments: dict[str, str], remarks: dict[str, str]) -> str:
    own = {k: v for k, v in arguments_of(address).items() if k not in OF_THE_PROTOCOL}
    return asking(address, own | arguments, remarks=remarks)


def _from(identity: Element, kept: dict[str, str]) -> str:
    """Give the datestamp to begin with, one granule early; empty for a reading of everything."""
    if "since" not in kept:
        return ""
    since = datetime.fromisoformat(kept["since"])
    if "hh" in "".join(identity.texts(f"{OAI}granularity")):
        return (since - timedelta(seconds=1)).strftime("%Y-%m-%dT%H:%M:%SZ")
    return (since - timedelta(days=1)).date().isoformat()


def _best(formats: Element) -> str:
    for one in formats.under(f"{OAI}metadataFormat"):
        space, prefix = one.texts(f"{OAI}metadataNamespace"), one.texts(f"{OAI}metadataPrefix")
        if space and prefix and LOM.match(f"{{{space[0]}}}"):
            return prefix[0]
    return "oai_dc"


def _document(feed: Feed) -> Document:
    document = document_of(feed.content, feed.charset)
    if document.root != ROOT or not document.parts & ANSWERS:
        raise NotAFeed("not-oai")
    return document


def read(feed: Feed) -> Iterator[Draft | Finding | Gone]:
    """Read the records of a page. An answer that nothing matches is an empty page.

    Raises NotAFeed before the first record is given: for the errors of the protocol, too.
    """
    document = _document(feed)
    _check(document)
    yield from noted(_records(document, feed), document.guessed)


def _records(document: Document, feed: Feed) -> Iterator[Draft | Finding | Gone]:
    fault = document.mended_at
    for record in document.elements(RECORD):
        if isinstance(record, int):
            yield Finding(record, "", "overfull", Weight.REJECTED)
            continue
        notes = Notes(record.line)
        if fault:
            notes.add("", "mended-markup", str(fault), Weight.REPAIRED)
        yield _item(record, feed, notes)
        fault = 0


def _check(document: Document) -> None:
    for error in document.elements(ERROR):
        code = error.attributes.get("code", "") if isinstance(error, Element) else ""
        if code == "badResumptionToken":
            raise NotAFeed("token-expired")
        if code != "noRecordsMatch":
            said = error.text if isinstance(error, Element) else ""
            raise NotAFeed("source-error", said=clean_line(f"{code} {said}", limit=200))


def _item(record: Element, feed: Feed, notes: Notes) -> Draft | Finding | Gone:
    [name] = record.texts(f"{OAI}header", f"{OAI}identifier")[:1] or [""]
    if "deleted" in [one.attributes.get("status") for one in record.under(f"{OAI}header")]:
        return Gone(name, notes.line)
    held = next((child for one in record.under(f"{OAI}metadata") for child in one.children), None)
    told = described(held) if held else None
    if told is None:
        form = clean_line(held.name, limit=200) if held else ""
        return Finding(notes.line, "", "unknown-format", Weight.REJECTED, form, name)
    return told.draft(name, flattened(record), feed, notes)
