"""How what was wrong with a record is mended: a second sentence for each finding."""

from __future__ import annotations

from flask_babel import LazyString
from flask_babel import lazy_gettext as _l

ADVICE: dict[str, LazyString] = {
    "no-data": _l("Publish the data of courses in their pages, as schema.org describes it."),
    "not-json": _l("Write each record as one JSON object, in one line."),
    "not-an-object": _l("Write the record in braces, with a name before each value."),
    "overfull": _l("Part the record, or leave out what we do not read."),
    "broken-block": _l("Try the page in a validator of structured data, and mend what it shows."),
    "mended-block": _l("Look for a comma too many or a line break inside of quotes."),
    "no-type": _l("Give each record a type, such as Course or Event."),
    "cancelled": _l("Nothing needs mending: people see that it does not take place."),
    "invitation-only": _l("Leave it out of the feed if nobody else is to see it."),
    "unreadable-entry": _l("Publish the entry anew, with a shorter text."),
    "unfinished-event": _l("Export the calendar again: the file was probably cut off."),
    "no-date": _l("Publish the day and hour in fields of their own, or offer a calendar as well."),
    "ambiguous-zone": _l(
        "Write the zone as Africa/Nairobi, or the hour with +03:00; or say among the details of"
        " the source which zone is meant."
    ),
    "buddhist-era": _l("Write years as 2026 if you can; these ones are right here already."),
    "unusable-rule": _l("Write the dates of the series one by one."),
    "too-many-dates": _l("End the series, or publish a shorter one."),
    "dates-left-out": _l("Leave out dates long past, and those in the far future."),
    "date-as-number": _l("Format the column as a date, and look whether the days are right."),
    "mended-markup": _l("Have your system write ampersands as XML does, and close each tag."),
    "unknown-format": _l("Offer the records as oai_dc or as LOM."),
    "mended-encoding": _l("Export it as UTF-8, and look whether letters with accents are right."),
    "shortened": _l("Publish a shorter text; pictures have no place in it."),
    "mended-address": _l("Look for https:// standing twice in the address."),
    "broken-quotes": _l("Write a quote inside of a cell twice, and quotes around the cell."),
    "too-many-cells": _l("Put cells with a comma or semicolon inside into quotes."),
    "guessed-encoding": _l(
        "Look whether letters with accents are right; say the encoding among the details of the"
        " source, or save the file as UTF-8."
    ),
    "unreadable-characters": _l("Save the file as UTF-8 and send it again."),
    "no-id": _l("Give each record a short identifier that stays the same from then on."),
    "no-own-id": _l("Add a column with a number of your own: then we know a record you reword."),
    "no-title": _l("Fill in the title, or name the column that holds it."),
    "repeated-id": _l("Give each record an identifier of its own, or remove the older one."),
    "no-address": _l("Add the address of the page where people learn more."),
    "completed-address": _l("Look whether the address leads where it should."),
    "unusable-address": _l("Write the whole address, beginning with https://."),
    "no-language": _l("Say the language in the feed, or choose one for the whole source here."),
    "unknown-language": _l("Write the language as a code such as es, or by its name."),
    "guessed-language": _l("Say the language in the feed, or choose one for the whole source."),
    "unusable-text": _l("Give each translation a title and the code of its language."),
    "twofold-date": _l("Write the day as 2026-11-24, or the month as a word."),
    "unreadable-date": _l("Write days as 2026-11-24 and hours as 2026-11-24 14:00."),
    "no-zone": _l("Add the zone to the hour, or look whether that of the source is right."),
    "unknown-zone": _l(
        "Write the zone as Africa/Nairobi, or the hour with +03:00; or say among the details of"
        " the source which zone is meant."
    ),
    "date-taken-away": _l("Write to those who are enrolled: nobody has told them."),
    "ends-before-start": _l("Look whether start and end were exchanged, or day and month."),
    "unusable-meeting": _l("Give each meeting a start and a later end."),
    "address-for-a-name": _l("Write the name of who teaches, and the address in its own field."),
    "would-vanish": _l("Look whether the feed is complete; a steward decides until then."),
    "page-left-out": _l("Look whether the page answers; the next reading tries it again."),
    "column-read": _l("If that is wrong, say in the details of the source what it holds."),
    "column-unread": _l("If it holds one of our fields, say so in the details of the source."),
    "no-unit": _l("Write the unit beside the number, such as 6 hours."),
}
