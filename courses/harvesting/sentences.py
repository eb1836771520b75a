"""The sentences of harvesting: why a file was refused, what was wrong with a record."""

from __future__ import annotations

from collections.abc import Mapping

from flask_babel import LazyString
from flask_babel import lazy_gettext as _l

NO_DATA = _l("No page that was read holds schema.org data. Choose another format, or address.")

REASONS: dict[str, LazyString] = {
    "empty": _l("The file is empty."),
    "html": _l("The file is a web page, not a feed. A sign-in page was perhaps saved instead."),
    "binary": _l("The file is not text."),
    "workbook": _l("The file is an XLSX workbook or an archive. Save the sheet as CSV."),
    "not-utf-8": _l("The file is not UTF-8. JSON Lines is always UTF-8."),
    "bad-encoding": _l("The file begins as %(encoding)s but does not go on as it."),
    "unknown-encoding": _l("The letters of the file cannot be told. Save it as UTF-8."),
    "json-array": _l("The file is one JSON array. JSON Lines has one object a line, and no comma."),
    "not-json-lines": _l("The lines of the file are not JSON objects."),
    "not-json": _l("The file is not JSON from line %(line)s on."),
    "not-unicode": _l("The file is not in a Unicode encoding, as JSON always is."),
    "lacks-part": _l("The file is JSON, but not what this kind of source gives: no %(part)s."),
    "not-a-page": _l("The file is no web page, no sitemap and no JSON-LD."),
    "overfull": _l("The file holds more things, or things deeper in one another, than we read."),
    "not-a-table": _l("The file is not a table: its lines do not fit together."),
    "breaks-off": _l("The file breaks off in line %(line)s. Nothing was read; send it again."),
    "no-title-column": _l("No column holds a title. The columns are: %(headers)s."),
    "no-such-column": _l("There is no column %(column)s. The columns are: %(headers)s."),
    "not-rss": _l("The file is no RSS or Atom feed."),
    "not-a-calendar": _l("The file is no calendar: it has no BEGIN:VCALENDAR."),
    "entities": _l("The file declares entities of its own, which are never read."),
    "not-a-workbook": _l("The file is no workbook: no XLSX, XLS or ODS."),
    "unreadable-workbook": _l(
        "The workbook cannot be read. Save it anew, or save the sheet as CSV."
    ),
    "too-many-rows": _l("The workbook has more than %(limit)s rows."),
    "not-xml": _l("The file is not XML from line %(line)s on."),
    "not-oai": _l("The file is no answer of OAI-PMH 2.0 that gives records."),
    "not-a-schedule": _l("The file is no programme of a conference, as schedule.xml is."),
    "token-expired": _l("The repository no longer knows where we were. The reading begins anew."),
    "source-error": _l("The source answers with an error: %(said)s"),
    "too-large": _l("The file is larger than %(limit)s MB."),
    "http-status": _l("%(host)s answers with the status %(status)s instead of a page."),
    "robots": _l("%(host)s asks programs not to read this page (robots.txt)."),
    "no-data": NO_DATA,
    "no-robots": _l("%(host)s does not say now what programs may read (robots.txt)."),
    "not-an-address": _l("This is no web address that can be asked."),
    "scheme-refused": _l("Only addresses that begin with http:// or https:// are read."),
    "user-in-address": _l("The address holds a name or password. Keep them as credentials."),
    "host-refused": _l("%(host)s is no name of a host on the internet."),
    "port-refused": _l("The port of the address is none that web servers use."),
    "private-address": _l("%(host)s is not on the internet, so it is not asked."),
    "too-many-redirects": _l("%(host)s leads on and on, from one address to another."),
    "post-redirected": _l("%(host)s leads elsewhere. Enter the address that it leads to."),
    "bad-credentials": _l("The credentials have characters that cannot be sent."),
    "unknown-host": _l("Nobody knows a host called %(host)s."),
    "unreachable": _l("%(host)s cannot be reached."),
    "bad-certificate": _l("The certificate of %(host)s is not valid."),
    "no-secure-connection": _l("No secure connection to %(host)s could be made."),
    "too-slow": _l("%(host)s took too long to answer."),
    "broken-off": _l("%(host)s broke the answer off."),
    "reading-broken-off": _l("The reading was broken off."),
    "reading-stopped": _l("Somebody stopped the reading."),
    "not-http": _l("%(host)s does not answer as web servers do."),
    "wrong-length": _l("The answer of %(host)s has another length than it says."),
    "bad-coding": _l("The answer of %(host)s is packed in a way that cannot be unpacked."),
    "too-soon": _l("%(host)s has been asked often enough for now."),
    "credentials-lost": _l(
        "The credentials were kept under a key that the academy no longer has. Enter them again."
    ),
    "source-not-approved": _l("A steward approves this source before it is read."),
    "nothing-to-read": _l("This source has no address. Nothing can be read there."),
    "would-unlist": _l("It would take %(number)s offers from the list. A steward looks at it."),
    "nothing-there": _l("Nothing was found where there were records before."),
    "unexpected": _l("Something unexpected went wrong. It is in the log of the academy."),
}

FINDINGS: dict[str, LazyString] = {
    "would-vanish": _l("It is no longer there, and would be taken from the list."),
    "page-left-out": _l("A page could not be read; what came from it stays as it was."),
    "no-data": NO_DATA,
    "not-json": _l("The line is not a JSON object."),
    "not-an-object": _l("The record is not a JSON object."),
    "overfull": _l("The record holds more than a record can, or things too deep in one another."),
    "broken-block": _l("The block of data in the page is not JSON."),
    "mended-block": _l("The block of data in the page is not quite JSON; it was mended."),
    "no-type": _l("The record does not say what it is: a course, an event, a material."),
    "cancelled": _l("The source says that it is cancelled."),
    "invitation-only": _l("Only people who are invited can take part."),
    "unreadable-entry": _l("The entry is not XML, or larger than an entry can be."),
    "unfinished-event": _l("The event has no end: END:VEVENT is missing."),
    "no-date": _l("When it is held is not said; when it was published does not tell."),
    "ambiguous-zone": _l("Several zones have this name. Say which is meant; no hour was read."),
    "buddhist-era": _l("The year was of the Buddhist era; it was turned into that of our own."),
    "unusable-rule": _l("How it is repeated cannot be used; only its first date was taken."),
    "too-many-dates": _l("The series has more dates than are kept; the nearest 200 were taken."),
    "dates-left-out": _l(
        "It has more dates than we read of a record or of a whole file; some were left out."
    ),
    "date-as-number": _l("The day was a number; it was read as spreadsheets count days."),
    "mended-markup": _l("The document is not quite XML; it was mended."),
    "unknown-format": _l("The record is in a form we do not read: neither Dublin Core nor LOM."),
    "mended-encoding": _l("The text was read in a wrong encoding before it came; it was mended."),
    "shortened": _l("This is longer than anybody reads; it was shortened."),
    "mended-address": _l("The address began twice; it was mended."),
    "broken-quotes": _l("The quotes of the row do not fit together."),
    "too-many-cells": _l("The row has more cells than the table has columns; they were left out."),
    "guessed-encoding": _l("The encoding is not said; it was guessed from the letters."),
    "unreadable-characters": _l("Some characters cannot be read."),
    "no-id": _l("The record has no identifier of 1 to 500 characters in one line."),
    "no-own-id": _l("The record has neither identifier nor address; its words stand for one."),
    "no-title": _l("The record has no title."),
    "repeated-id": _l("An earlier record of this file has the same identifier and says otherwise."),
    "no-address": _l("There is no web address: the offer is kept, but not listed."),
    "completed-address": _l("Spaces in the address were encoded, or https:// was put before it."),
    "unusable-address": _l("This is no web address of at most 2,000 characters; it was left out."),
    "no-language": _l("The language is neither said nor plain: the offer is kept, but not listed."),
    "unknown-language": _l("This is no language we know."),
    "guessed-language": _l("The language is not said; it was guessed from the text."),
    "unusable-text": _l("A text in another language needs a language we know and a title."),
    "twofold-date": _l("Day and month could be exchanged here; no day was read."),
    "unreadable-date": _l("This date cannot be read."),
    "no-zone": _l("The hour names no time zone; the zone of the source was taken."),
    "unknown-zone": _l("This is no time zone we know. Say which is meant; no hour was read."),
    "date-taken-away": _l("This date is told no longer. It takes nobody more; people are in it."),
    "ends-before-start": _l("The end lies before the start; the end was left out."),
    "unusable-meeting": _l("A meeting needs a start and an end after it; it was left out."),
    "address-for-a-name": _l("A web address stands where a name belongs; it was left out."),
    "column-read": _l("The column was read as this field."),
    "column-unread": _l("The column was not used: its header says nothing to us."),
    "no-unit": _l("A number without a unit says nothing of the workload; it was left out."),
}


def reason(code: str, details: Mapping[str, str]) -> str:
    """Say why a harvest ended as it did, in the reader's language."""
    sentence = REASONS.get(code)
    return str(sentence % dict(details)) if sentence else code
