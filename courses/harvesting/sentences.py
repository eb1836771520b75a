"""The sentences of harvesting: why a file was refused, what was wrong with a record."""

from __future__ import annotations

from flask_babel import LazyString
from flask_babel import lazy_gettext as _l

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
    "not-a-table": _l("The file is not a table: its lines do not fit together."),
    "breaks-off": _l("The file breaks off in line %(line)s. Nothing was read; send it again."),
    "no-title-column": _l("No column holds a title. The columns are: %(headers)s."),
    "no-such-column": _l("There is no column %(column)s. The columns are: %(headers)s."),
    "too-large": _l("The file is larger than %(limit)s MB."),
}

FINDINGS: dict[str, LazyString] = {
    "not-json": _l("The line is not a JSON object."),
    "broken-quotes": _l("The quotes of the row do not fit together."),
    "too-many-cells": _l("The row has more cells than the table has columns; they were left out."),
    "unreadable-characters": _l("Some characters cannot be read."),
    "no-id": _l("The record has no identifier of 1 to 500 characters in one line."),
    "no-own-id": _l("The record has neither identifier nor address; its words stand for one."),
    "no-title": _l("The record has no title."),
    "repeated-id": _l("An earlier record of this file has the same identifier and says otherwise."),
    "no-address": _l("There is no web address: the offer is kept, but not listed."),
    "unusable-address": _l("This is no web address of at most 2,000 characters; it was left out."),
    "no-language": _l("The language is neither said nor plain: the offer is kept, but not listed."),
    "unknown-language": _l("This is no language we know."),
    "guessed-language": _l("The language is not said; it was guessed from the text."),
    "unusable-text": _l("A text in another language needs a language we know and a title."),
    "unreadable-date": _l("This date cannot be read."),
    "no-zone": _l("The hour names no time zone; the zone of the source was taken."),
    "unknown-zone": _l("This is no time zone we know; the zone of the source was taken."),
    "ends-before-start": _l("The end lies before the start; the end was left out."),
    "unusable-meeting": _l("A meeting needs a start and an end after it; it was left out."),
    "address-for-a-name": _l("A web address stands where a name belongs; it was left out."),
    "no-unit": _l("A number without a unit says nothing of the workload; it was left out."),
}
