"""The nastiest files that a partner could send: as large as may come, and made to take long."""

from __future__ import annotations

import io
import json
import zipfile
from collections.abc import Callable, Iterable
from functools import cache

from tests.harvesting import calendars_written, feeds_written, pages_written, repository, workbooks

LARGEST = 10_000_000
"""Bytes of an answer that the guarded door lets in."""

ROOM = 9_900_000
Make = Callable[[], bytes]


def filled(before: str, part: str, after: str = "") -> bytes:
    """Repeat a part as often as it fits; a number in it, written as #, is never the same."""
    count = (ROOM - len(before) - len(after)) // len(part.encode())
    if "#" in part:
        count = (ROOM - len(before) - len(after)) // (len(part.encode()) + 6 * part.count("#"))
        return (before + "".join(_numbered(part, count)) + after).encode()
    return (before + part * count + after).encode()


def _numbered(part: str, count: int) -> Iterable[str]:
    return (part.replace("#", f"{number:07}") for number in range(count))


def of_lines(**parts: str) -> bytes:
    """Write one record of our exchange format, with one part that fills the file."""
    name, part = next(iter(parts.items()))
    before = '{"source": "s", "source_id": "1", "title": "Water", "language": "en", '
    return filled(f'{before}"{name}": ', part, "}\n").replace(b",]", b"]").replace(b",}", b"}")


CSV_HEAD = "id,title,url,description,start\n"
CSV: dict[str, Make] = {
    "many tiny records": lambda: filled("id,title\n", "#,a\n"),
    "many whole records": lambda: filled(
        CSV_HEAD, '#,"Water #",https://school.example/#,"About <b>water</b>",2026-03-01\n'
    ),
    "one giant record": lambda: filled(CSV_HEAD + '1,Water,,"', "wide ", '",\n'),
    "many large cells": lambda: filled(CSV_HEAD, "#,Water,," + "wide " * 20_000 + ",\n"),
    "quotes that never end": lambda: filled(CSV_HEAD, '#,"a\n'),
    "stray quotes": lambda: filled(CSV_HEAD, '#,"a"b,\n'),
    "quotes alone": lambda: filled(CSV_HEAD, '"'),
    "a thousand columns": lambda: filled(
        "title," + ",".join(f"c{n}" for n in range(999)) + "\n", "a" + ",b" * 999 + "\n"
    ),
    "ten thousand columns": lambda: filled(",".join(f"c{n}" for n in range(10_000)) + "\n", "a,"),
    "columns all of one name": lambda: filled("title," * 1_000 + "\n", "a," * 999 + "\n"),
    "a header without end": lambda: filled("title", ",c#"),
    "bytes of no text": lambda: b"id,title\n" + b"\xff\xfe\x81" * (ROOM // 3),
    "almost Chinese": lambda: b"id,title\n" + b"1,\xb0\xa1\n" * (ROOM // 5) + b"\xff",
    "lines without words": lambda: filled("id,title\n", "\n"),
    "words misread": lambda: filled(CSV_HEAD, "#,Ã©Ã© Ã¢â‚¬â„¢,,Ã©,\n"),
    "marks of languages": lambda: filled(
        CSV_HEAD, '#,"{mlang en}a{mlang}{mlang fr}b{mlang}",,"<b><i><p>&amp;&lt;",\n'
    ),
}
JSONL: dict[str, Make] = {
    "many tiny records": lambda: filled("", '{"source_id":"#","title":"a"}\n'),
    "many whole records": lambda: b"".join(
        json.dumps(
            {"source": "s", "source_id": n, "title": f"Water {n}", "language": "en"}
            | {"url": f"https://school.example/{n}", "description": "All about water. " * 12}
        ).encode()
        + b"\n"
        for n in range(ROOM // 340)
    ),
    "one giant title": lambda: filled('{"source_id": 1, "title": "', "wide ", '"}\n'),
    "one giant description": lambda: filled(
        '{"source_id": 1, "title": "a", "description": "', "<p>&amp;", '"}\n'
    ),
    "tags that never end": lambda: filled(
        '{"source_id":1,"title":"a","description":"', "<a ", '"}'
    ),
    "ampersands": lambda: filled('{"source_id":1,"title":"a","description":"', "&", '"}'),
    "a million lists": lambda: of_lines(subjects="[[],"),
    "a list of a million words": lambda: filled(
        '{"source_id":1,"title":"a","subjects":[', '"#",', '"b"]}\n'
    ),
    "a million parts": lambda: filled('{"source_id":1,"title":"a"', ',"#":1', "}\n"),
    "ten thousand runs": lambda: filled(
        '{"source_id":1,"title":"a","runs":[', '{"starts":"2026-03-01"},', "{}]}\n"
    ),
    "meetings beyond number": lambda: filled(
        '{"source_id":1,"title":"a","runs":[{"starts":"2026-03-01","meetings":[',
        '{"starts":"2026-03-01T10:00Z","ends":"2026-03-01T11:00Z"},',
        "{}]}]}\n",
    ),
    "texts in languages beyond number": lambda: filled(
        '{"source_id":1,"title":"a","texts":{', '"x-#":{"title":"a"},', '"fr":{}}}\n'
    ),
    "depth": lambda: filled("", '{"a":'),
    "lines of depth": lambda: filled("", '{"a":' * 900 + "\n"),
    "a number without end": lambda: filled('{"source_id": ', "9", "}\n"),
    "a name of a megabyte": lambda: filled("", '{"source_id":"' + "a" * 1_000_000 + '"}\n'),
    "half characters": lambda: filled('{"source_id":1,"title":"', "\\ud800", '"}\n'),
    "joining marks": lambda: filled('{"source_id":1,"title":"', "e\u0301\u0323", '"}\n'),
}
OBJECTS: dict[str, Make] = {
    "many tiny records": lambda: filled("[", '{"id":"#","title":"a"},', "{}]"),
    "as many as are read": lambda: (
        "["
        + ",".join(
            json.dumps({"id": n, "title": f"Water {n}", "description": "wide " * 180})
            for n in range(9_900)
        )
        + "]"
    ).encode(),
    "one giant record": lambda: filled('[{"id":1,"title":"', "wide ", '"}]'),
    "parts beyond number": lambda: filled('[{"id":1,"title":"a"', ',"#":1', "}]"),
    "other parts in each": lambda: filled("[", '{"title":"a","#":1,"a#":{"b#":2}},', "{}]"),
    "depth": lambda: filled("", '{"a":'),
    "lists in lists": lambda: filled("[", "[[[]]],", "[]]"),
    "lists of numbers": lambda: filled('[{"title":"a","b":[', "1,", "1]}]"),
    "empty texts": lambda: filled('[{"title":"a","b":[', '"",', '""]}]'),
    "escapes": lambda: filled('[{"title":"', "\\u00e9", '"}]'),
    "half characters": lambda: filled('[{"title":"', "\\ud800", '"}]'),
}
MOOCHUB: dict[str, Make] = {
    "many tiny records": lambda: filled(
        '{"links":{},"data":[', '{"type":"Course","id":"#","attributes":{"name":"a"}},', "{}]}"
    ),
    "one giant record": lambda: filled(
        '{"data":[{"type":"Course","id":"1","attributes":{"name":"a","description":"',
        "<p>wide ",
        '"}}]}',
    ),
    "starts beyond number": lambda: filled(
        '{"data":[{"type":"Course","id":"1","attributes":{"name":"a","startDate":[',
        '"2026-03-01",',
        '"2026-03-01"]}}]}',
    ),
    "languages beyond number": lambda: filled(
        '{"data":[{"type":"Course","id":"1","attributes":{"name":"a","inLanguage":[',
        '"x#",',
        '"en"]}}]}',
    ),
}
MOODLE: dict[str, Make] = {
    "many tiny records": lambda: filled(
        '{"courses":[', '{"id":#1,"fullname":"a"},', "{}]}"
    ).replace(b'"id":0', b'"id":1'),
    "spans of languages": lambda: filled(
        '{"courses":[{"id":1,"fullname":"a","summary":"',
        '<span lang=\\"en\\" class=\\"multilang\\">a</span>',
        '"}]}',
    ),
    "spans that never end": lambda: filled(
        '{"courses":[{"id":1,"fullname":"a","summary":"',
        '<span lang=\\"en\\" class=\\"multilang\\">',
        '"}]}',
    ),
    "marks that never end": lambda: filled(
        '{"courses":[{"id":1,"fullname":"a","summary":"', "{mlang en}{mlang other", '"}]}'
    ),
}
OPENEDX: dict[str, Make] = {
    "many tiny records": lambda: filled(
        '{"results":[', '{"id":"course-v1:A+#+1","name":"a","org":"A","number":"#"},', "{}]}"
    ),
    "runs of one course": lambda: filled(
        '{"results":[',
        '{"id":"course-v1:A+B+#","name":"a","org":"A","number":"B","start":"2026-03-01"},',
        "{}]}",
    ),
    "one giant record": lambda: filled(
        '{"results":[{"id":"course-v1:A+B+1","name":"', "wide ", '"}]}'
    ),
}
RSS_HEAD = (
    f'<?xml version="1.0"?><rss version="2.0" {feeds_written.NAMES}><channel><title>a</title>'
)
RSS_END = "</channel></rss>"
FEED: dict[str, Make] = {
    "many tiny records": lambda: filled(
        RSS_HEAD, "<item><guid>#</guid><title>a</title></item>", RSS_END
    ),
    "many whole records": lambda: filled(
        RSS_HEAD,
        "<item><guid>#</guid><title>Water #</title><link>https://school.example/#</link>"
        "<description>&lt;p&gt;All about &lt;b&gt;water&lt;/b&gt;.</description></item>",
        RSS_END,
    ),
    "one giant record": lambda: filled(
        RSS_HEAD + "<item><title>a</title><description>", "wide ", "</description></item>" + RSS_END
    ),
    "depth": lambda: filled(RSS_HEAD + "<item>", "<a>"),
    "many unclosed entries": lambda: filled(RSS_HEAD, "<item><title>a"),
    "ampersands": lambda: filled(RSS_HEAD + "<item><title>", "&", "</title></item>" + RSS_END),
    "ampersands in many": lambda: filled(
        RSS_HEAD, "<item><guid>#</guid><title>" + "&" * 5_000 + "</title></item>", RSS_END
    ),
    "attributes": lambda: filled(RSS_HEAD + "<item ", 'a#="" ', "></item>" + RSS_END),
    "names of spaces": lambda: filled(RSS_HEAD + "<item>", '<p#:a xmlns:p#="b"/>', "</item>"),
    "characters marked": lambda: filled(RSS_HEAD, "<![CDATA["),
    "remarks": lambda: filled(RSS_HEAD, "<!-- "),
    "openings": lambda: filled(RSS_HEAD, "<"),
    "categories": lambda: filled(
        RSS_HEAD + "<item><title>a</title>", "<category>#</category>", "</item>" + RSS_END
    ),
    "entities declared": lambda: filled("<?xml version='1.0'?><!DOCTYPE a [", '<!ENTITY a# "b">'),
    "tombstones": lambda: filled(RSS_HEAD, '<at:deleted-entry ref="#"/>', RSS_END),
    "links of the feed": lambda: filled(
        RSS_HEAD, '<atom:link rel="next" href="https://a.example/#"/>', RSS_END
    ),
    "markup in a text": lambda: filled(
        RSS_HEAD + "<item><title>a</title><description><![CDATA[",
        "<div><p><a href='x",
        "]]></description></item>" + RSS_END,
    ),
    "spaces": lambda: filled("", " ", "<rss/>"),
}


def calendar(*events: str, head: str = "") -> bytes:
    return calendars_written.calendar(*events, head=head)


ICAL_HEAD, ICAL_END = "BEGIN:VCALENDAR\r\nVERSION:2.0\r\n", "END:VCALENDAR\r\n"
EVENT, EVENT_END = (
    "BEGIN:VEVENT\r\nUID:#\r\nDTSTART:20260303T100000Z\r\nSUMMARY:a\r\n",
    "END:VEVENT\r\n",
)
ONE = EVENT.replace("#", "1")
OUTLOOK = (
    "BEGIN:VTIMEZONE\r\nTZID:zone #\r\nBEGIN:STANDARD\r\nDTSTART:16010101T030000\r\n"
    "TZOFFSETFROM:+0200\r\nTZOFFSETTO:+0100\r\nRRULE:FREQ=YEARLY;BYDAY=-1SU;BYMONTH=10\r\n"
    "END:STANDARD\r\nEND:VTIMEZONE\r\n"
)
ICAL: dict[str, Make] = {
    "many tiny records": lambda: filled(ICAL_HEAD, EVENT + EVENT_END, ICAL_END),
    "daily for ever": lambda: filled(
        ICAL_HEAD, EVENT + "RRULE:FREQ=DAILY\r\n" + EVENT_END, ICAL_END
    ),
    "since long ago": lambda: filled(
        ICAL_HEAD,
        EVENT.replace("2026", "1990") + "RRULE:FREQ=DAILY;BYHOUR=1,2,3,4,5,6,7\r\n" + EVENT_END,
        ICAL_END,
    ),
    "each second": lambda: filled(
        ICAL_HEAD, EVENT + "RRULE:FREQ=SECONDLY\r\n" + EVENT_END, ICAL_END
    ),
    "rules that never meet": lambda: filled(
        ICAL_HEAD,
        EVENT + "RRULE:FREQ=DAILY;BYMONTH=2;BYMONTHDAY=30;COUNT=5\r\n" + EVENT_END,
        ICAL_END,
    ),
    "rules without end in one": lambda: filled(
        ICAL_HEAD + ONE, "RRULE:FREQ=DAILY\r\n", EVENT_END + ICAL_END
    ),
    "exceptions": lambda: filled(
        ICAL_HEAD + ONE + "RRULE:FREQ=DAILY\r\nEXDATE:20260303T100000Z",
        ",20260303T100000Z",
        "\r\n" + EVENT_END + ICAL_END,
    ),
    "dates added": lambda: filled(
        ICAL_HEAD + ONE + "RDATE:20260303T100000Z", ",20260303T10#Z", "\r\n" + EVENT_END + ICAL_END
    ),
    "parts of one series": lambda: filled(
        ICAL_HEAD + ONE + "RRULE:FREQ=DAILY\r\n" + EVENT_END,
        ONE + "RECURRENCE-ID:20260303T100000Z\r\n" + EVENT_END,
        ICAL_END,
    ),
    "zones": lambda: filled(ICAL_HEAD, OUTLOOK, ONE + EVENT_END + ICAL_END),
    "parts of a zone": lambda: filled(
        ICAL_HEAD + "BEGIN:VTIMEZONE\r\nTZID:A\r\n",
        "BEGIN:STANDARD\r\nTZOFFSETTO:+0100\r\nEND:STANDARD\r\n",
        "END:VTIMEZONE\r\n"
        + ONE.replace("DTSTART:", "DTSTART;TZID=A:").replace("Z", "")
        + EVENT_END
        + ICAL_END,
    ),
    "a zone each": lambda: filled(
        ICAL_HEAD,
        OUTLOOK
        + EVENT.replace("DTSTART:", "DTSTART;TZID=zone #:").replace("00Z", "00")
        + EVENT_END,
        ICAL_END,
    ),
    "one giant record": lambda: filled(
        ICAL_HEAD + ONE + "DESCRIPTION:", "wide ", "\r\n" + EVENT_END + ICAL_END
    ),
    "folded beyond number": lambda: filled(
        ICAL_HEAD + ONE + "DESCRIPTION:a", "\r\n b", "\r\n" + EVENT_END + ICAL_END
    ),
    "escapes": lambda: filled(
        ICAL_HEAD + ONE + "DESCRIPTION:", "\\n\\,", "\r\n" + EVENT_END + ICAL_END
    ),
    "addresses in a text": lambda: filled(
        ICAL_HEAD + ONE + "DESCRIPTION:", "https://a.a.a.", "\r\n" + EVENT_END + ICAL_END
    ),
    "parameters": lambda: filled(
        ICAL_HEAD + "BEGIN:VEVENT\r\nUID:1\r\nDTSTART",
        ";X=a",
        ":20260303\r\n" + EVENT_END + ICAL_END,
    ),
    "quotes in parameters": lambda: filled(
        ICAL_HEAD + "BEGIN:VEVENT\r\nUID:1\r\nDTSTART",
        ';X="',
        ":20260303\r\n" + EVENT_END + ICAL_END,
    ),
    "events in events": lambda: filled(ICAL_HEAD, "BEGIN:VEVENT\r\n"),
    "calendars in calendars": lambda: filled(ICAL_HEAD, "BEGIN:VCALENDAR\r\n"),
    "calendars one after another": lambda: filled(
        "", ICAL_HEAD + "X-WR-TIMEZONE:Asia/Bangkok\r\n" + EVENT + EVENT_END + ICAL_END
    ),
    "alarms": lambda: filled(
        ICAL_HEAD + ONE, "BEGIN:VALARM\r\nEND:VALARM\r\n", EVENT_END + ICAL_END
    ),
    "lines of nothing": lambda: filled(ICAL_HEAD + ONE, "\r\n", EVENT_END + ICAL_END),
}
OAI_HEAD = (
    f'<?xml version="1.0"?><OAI-PMH xmlns="{repository.OAI}">'
    f"<responseDate>{repository.ANSWERED}</responseDate><ListRecords>"
)
OAI_END = "</ListRecords></OAI-PMH>"
OAI: dict[str, Make] = {
    "many tiny records": lambda: filled(
        OAI_HEAD, repository.record("#", repository.dublin("title=a")), OAI_END
    ),
    "one giant record": lambda: filled(
        OAI_HEAD + repository.record("1", "BODY").partition("BODY")[0], "<a>wide </a>", OAI_END
    ),
    "titles beyond number": lambda: (
        OAI_HEAD + repository.record("1", repository.dublin(*["title@x=a"] * 100_000)) + OAI_END
    ).encode(),
    "languages beyond number": lambda: (
        OAI_HEAD
        + repository.record("1", repository.dublin(*(f"title@{n}=a" for n in range(100_000))))
        + OAI_END
    ).encode(),
    "depth": lambda: filled(OAI_HEAD + "<record>", "<a>"),
    "gone": lambda: filled(OAI_HEAD, repository.gone("#"), OAI_END),
    "tokens": lambda: filled(OAI_HEAD, "<resumptionToken>#</resumptionToken>", OAI_END),
    "one giant token": lambda: filled(
        OAI_HEAD + "<resumptionToken>", "a", "</resumptionToken>" + OAI_END
    ),
    "ampersands": lambda: filled(OAI_HEAD + "<record>", "&", "</record>" + OAI_END),
    "attributes": lambda: filled(OAI_HEAD + "<record ", 'a#="" ', "></record>" + OAI_END),
}
SCHEDULE: dict[str, Make] = {
    "many tiny records": lambda: filled(
        "<schedule><day>", "<event id='#'><title>a</title></event>", "</day></schedule>"
    ),
    "depth": lambda: filled("<schedule>", "<event>"),
    "durations": lambda: filled(
        "<schedule>", "<event id='#'><title>a</title><duration>" + "9" * 500 + ":", "</schedule>"
    ),
    "people": lambda: filled(
        "<schedule><event id='1'><title>a</title><persons>",
        "<person id='#'>a</person>",
        "</persons></event></schedule>",
    ),
}


def script(before: str, part: str, after: str) -> bytes:
    """Write a web page with one block of data, a part of which fills it."""
    head = '<!DOCTYPE html><html><script type="application/ld+json">'
    return filled(head + before, part, after + "</script></html>")


SCHEMAORG: dict[str, Make] = {
    "many tiny records": lambda: script("[", '{"@type":"Course","@id":"#","name":"a"},', "{}]"),
    "one giant record": lambda: script('{"@type":"Course","name":"', "wide ", '"}'),
    "things that refer to each other": lambda: script(
        '{"@graph":[',
        '{"@type":"Course","@id":"a#","name":"a","hasCourseInstance":{"@id":"a0000001"}},',
        "{}]}",
    ),
    "instances beyond number": lambda: script(
        '{"@type":"Course","name":"a","hasCourseInstance":[', '{"startDate":"2026-03-01"},', "{}]}"
    ),
    "offers beyond number": lambda: script(
        '{"@type":"Course","name":"a","offers":[', '{"price":"#"},', "{}]}"
    ),
    "depth": lambda: script("", '{"@graph":', "1"),
    "blocks": lambda: filled(
        "<!DOCTYPE html><html>",
        '<script type="application/ld+json">{"@type":"Course","name":"a#"}</script>',
    ),
    "broken blocks": lambda: filled(
        "<!DOCTYPE html><html>", '<script type="application/ld+json">{"@type":</script>'
    ),
    "blocks that never end": lambda: filled(
        "<!DOCTYPE html><html>", '<script type="application/ld+json">{'
    ),
    "tags that never end": lambda: filled("<!DOCTYPE html><html>", "<a href='"),
    "openings": lambda: filled("<!DOCTYPE html><html>", "<"),
    "remarks": lambda: filled("<!DOCTYPE html><html>", "<!-- "),
    "ampersands": lambda: filled("<!DOCTYPE html><html>", "&"),
    "commas too many": lambda: script('{"@type":"Course","name":"a","b":[', "1,,", "]}"),
    "a sitemap": lambda: filled(
        f'<urlset xmlns="{pages_written.SPACE}">',
        "<url><loc>https://school.example/#</loc></url>",
        "</urlset>",
    ),
    "a sitemap of one place": lambda: filled(
        f'<urlset xmlns="{pages_written.SPACE}">',
        "<url><loc>https://school.example/</loc></url>",
        "</urlset>",
    ),
    "a list of pages": lambda: script(
        '{"@type":"ItemList","itemListElement":[', '"https://school.example/#",', '"a"]}'
    ),
}
EMPTY_ROW = '<row r="#"></row>'


def in_a_sheet(written: str, part: str = "xl/worksheets/sheet1.xml") -> bytes:
    """Put this among the rows of a small workbook; what is alike packs well."""
    content = io.BytesIO()
    with (
        zipfile.ZipFile(io.BytesIO(workbooks.xlsx(("Title", "Link")))) as old,
        zipfile.ZipFile(content, "w", zipfile.ZIP_DEFLATED) as new,
    ):
        for name in old.namelist():
            inside = old.read(name)
            if name == part:
                inside = inside.replace(b"</sheetData>", f"{written}</sheetData>".encode())
            new.writestr(name, inside)
    return content.getvalue()


def bomb(size: int) -> bytes:
    """Write a workbook whose sheet unpacks to so many bytes."""
    return in_a_sheet("<row/>" * (size // 6))


SHEET: dict[str, Make] = {
    "rows of one letter": lambda: in_a_sheet(
        "".join(
            f'<row r="{n}"><c r="A{n}" t="inlineStr"><is><t>a</t></is></c></row>'
            for n in range(2, 99_000)
        )
    ),
    "a bomb of a hundred megabytes": lambda: bomb(100_000_000),
    "a bomb of a gigabyte": lambda: bomb(1_000_000_000),
    "one giant cell": lambda: in_a_sheet(
        f'<row r="2"><c r="A2" t="inlineStr"><is><t>{"wide " * 10_000_000}</t></is></c></row>'
    ),
    "wide rows": lambda: in_a_sheet(
        "".join(
            f'<row r="{n}">'
            + "".join(f'<c r="{workbooks_column(c)}{n}"><v>1</v></c>' for c in range(1_000))
            + "</row>"
            for n in range(2, 1_000)
        )
    ),
    "a cell at the end": lambda: in_a_sheet(
        '<row r="1048576"><c r="XFD1048576"><v>1</v></c></row>'
    ),
}


@cache
def workbooks_column(number: int) -> str:
    """Name a column as spreadsheets do, from A."""
    name = ""
    number += 1
    while number:
        number, left = divmod(number - 1, 26)
        name = chr(65 + left) + name
    return name


NASTY: dict[str, dict[str, Make]] = {
    "csv": CSV,
    "feed": FEED,
    "ical": ICAL,
    "jsonl": JSONL,
    "moochub": MOOCHUB,
    "moodle": MOODLE,
    "oai": OAI,
    "objects": OBJECTS,
    "openedx": OPENEDX,
    "schedule": SCHEDULE,
    "schemaorg": SCHEMAORG,
    "sheet": SHEET,
}
