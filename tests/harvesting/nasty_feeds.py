"""The nastiest feeds of entries, and calendars."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

from tests.harvesting import feeds_written
from tests.harvesting.nasty_filled import ROOM, Make, filled

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
DAYS = [
    (datetime(2026, 11, 1, 10, tzinfo=UTC) + timedelta(days=number)).strftime("%Y%m%dT%H%M%SZ")
    for number in range(200)
]


def series_of(rule: str, most: int) -> bytes:
    """Give a calendar of events repeated by a rule, as many as are written."""
    event = f"{EVENT}DURATION:PT1H\r\n{rule}\r\n{EVENT_END}"
    count = min(most, ROOM[0] // (len(event) + 10))
    told = (event.replace("#", str(number)) for number in range(count))
    return "".join((ICAL_HEAD, *told, ICAL_END)).encode()


ICAL: dict[str, Make] = {
    "many tiny records": lambda: filled(ICAL_HEAD, EVENT + EVENT_END, ICAL_END),
    "daily for ever": lambda: filled(
        ICAL_HEAD, EVENT + "RRULE:FREQ=DAILY\r\n" + EVENT_END, ICAL_END
    ),
    "daily by the hundred": lambda: series_of("RRULE:FREQ=DAILY", 500),
    "dates by the thousand": lambda: series_of("RDATE:" + ",".join(DAYS), 1_000),
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
