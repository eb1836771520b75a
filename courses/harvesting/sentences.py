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
    "not-json-lines": _l("The lines of the file are not JSON objects."),
    "not-a-table": _l("The file is not a table: line %(line)s does not fit together."),
    "breaks-off": _l("The file breaks off in line %(line)s. Nothing was read; send it again."),
    "no-title-column": _l("No column holds a title. The columns are: %(headers)s."),
    "too-large": _l("The file is larger than %(limit)s MB."),
}

FINDINGS: dict[str, LazyString] = {
    "not-json": _l("The line is not a JSON object."),
    "no-id": _l("The record has no identifier, or one longer than 500 characters."),
    "no-title": _l("The record has no title."),
    "repeated-id": _l("An earlier record of this file has the same identifier and says otherwise."),
    "no-address": _l("There is no web address: the offer is kept, but not listed."),
    "no-language": _l("The language is neither said nor plain: the offer is kept, but not listed."),
    "unknown-language": _l("This is no language we know."),
    "guessed-language": _l("The language is not said; it was guessed from the text."),
    "unreadable-date": _l("This date cannot be read."),
    "no-zone": _l("The hour names no time zone; the zone of the source was taken."),
    "ends-before-start": _l("The end lies before the start; the end was left out."),
    "address-for-a-name": _l("A web address stands where a name belongs; it was left out."),
}
