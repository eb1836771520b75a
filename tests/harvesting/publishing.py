"""A partner that publishes the same courses in every format, on one page or on several."""

from __future__ import annotations

import json
from collections.abc import Callable, Sequence
from html import escape
from typing import Any

from tests.harvesting import calendars_written, feeds_written, pages_written, repository, workbooks
from tests.harvesting.courses_told import Courses, link, parts_of
from tests.harvesting.harvested import lines, record, table
from tests.harvesting.partner import Answer, Partner

Publish = Callable[[Partner, Courses], str]


def _rows(courses: Courses) -> list[dict[str, str]]:
    rows = [
        {"Id": name, "Title": courses.title(name), "Link": link(name), "Language": "en"}
        for name in courses.names
    ]
    return [*rows, {"Id": "bad", "Title": "", "Link": "", "Language": ""}] if courses.bad else rows


def as_csv(partner: Partner, courses: Courses) -> str:
    return partner.say("/courses.csv", table(*_rows(courses)))


def as_sheet(partner: Partner, courses: Courses) -> str:
    rows = _rows(courses)
    return partner.say(
        "/courses.xlsx", workbooks.xlsx(list(rows[0]), *(list(row.values()) for row in rows))
    )


def as_jsonl(partner: Partner, courses: Courses) -> str:
    told = [record(name, title=courses.title(name)) for name in courses.names]
    return partner.say("/courses.jsonl", lines(*told) + (b"{not json\n" if courses.bad else b""))


def as_objects(partner: Partner, courses: Courses) -> str:
    rows: list[Any] = [{k.lower(): v for k, v in row.items()} for row in _rows(courses)]
    pages = parts_of(rows, courses)
    for number, part in enumerate(pages, 1):
        more = f"{partner.url}/api/courses?page={number + 1}" if number < len(pages) else None
        content = json.dumps({"results": part, "next": more})
        partner.say("/api/courses" + (f"?page={number}" if number > 1 else ""), content)
    return f"{partner.url}/api/courses"


def as_feed(partner: Partner, courses: Courses) -> str:
    items = [
        f"<item><guid>{name}</guid><title>{escape(courses.title(name))}</title>"
        f"<link>{link(name)}</link></item>"
        for name in courses.names
    ]
    if courses.bad:
        items.append("<item><guid>bad</guid></item>")
    parts = parts_of(items, courses)
    for number, part in enumerate(parts, 1):
        leads = f'<atom:link rel="next" href="{partner.url}/feed?page={number + 1}"/>'
        channel = feeds_written.CHANNEL + (leads if number < len(parts) else "")
        partner.say("/feed" + (f"?page={number}" if number > 1 else ""), rss(channel, part))
    return f"{partner.url}/feed"


def rss(channel: str, items: Sequence[str]) -> str:
    space = 'xmlns:atom="http://www.w3.org/2005/Atom"'
    head = '<?xml version="1.0" encoding="UTF-8"?>'
    inner = channel + "".join(items)
    return f'{head}\n<rss version="2.0" {space}><channel>{inner}</channel></rss>\n'


def as_ical(partner: Partner, courses: Courses) -> str:
    events = [
        calendars_written.event(
            f"SUMMARY:{courses.title(name)}",
            f"URL:{link(name)}",
            "DTEND:20991001T110000Z",
            uid=f"{name}@school.example",
            start="20991001T100000Z",
        )
        for name in courses.names
    ]
    if courses.bad:
        events.append("BEGIN:VEVENT\r\nUID:bad@school.example\r\nDTSTART:20991001T100000Z\r\n")
        events[-1] += "END:VEVENT\r\n"
    return partner.say("/calendar.ics", calendars_written.calendar(*events))


def as_schedule(partner: Partner, courses: Courses) -> str:
    talks = "".join(
        f'<event id="{number}" guid="{name}"><title>{escape(courses.title(name))}</title>'
        f"<url>{link(name)}</url><language>en</language>"
        "<date>2099-10-01T10:00:00+00:00</date><duration>01:00</duration></event>"
        for number, name in enumerate(courses.names, 1)
    )
    bad = '<event id="99" guid="bad"></event>' if courses.bad else ""
    conference = "<conference><title>River days</title></conference>"
    inner = f'{conference}<day date="2099-10-01"><room name="Hall">{talks}{bad}</room></day>'
    return partner.say("/schedule.xml", f"<?xml version='1.0'?><schedule>{inner}</schedule>")


def as_moochub(partner: Partner, courses: Courses) -> str:
    told: list[Any] = [
        {
            "type": "Course",
            "id": name,
            "attributes": {
                "name": courses.title(name),
                "url": link(name),
                "inLanguage": ["en"],
                "courseMode": ["online"],
                "access": ["free"],
            },
        }
        for name in courses.names
    ]
    if courses.bad:
        told.append({"type": "Course", "id": "bad", "attributes": {"url": link("bad")}})
    parts, base = parts_of(told, courses), f"{partner.url}/bridges/moochub/courses"
    for number, part in enumerate(parts, 1):
        leads = {"next": f"{base}?page={number + 1}"} if number < len(parts) else {}
        content = json.dumps({"links": leads, "data": part})
        path = "/bridges/moochub/courses" + (f"?page={number}" if number > 1 else "")
        partner.say(path, content)
    return base


def as_openedx(partner: Partner, courses: Courses) -> str:
    told: list[Any] = [
        {
            "id": f"course-v1:RiverX+{name}+2099",
            "course_id": f"course-v1:RiverX+{name}+2099",
            "name": courses.title(name),
            "org": "RiverX",
            "number": name,
            "start": "2099-01-01T00:00:00Z",
            "pacing": "self",
            "short_description": "In English, about the city and its rivers.",
        }
        for name in courses.names
    ]
    if courses.bad:
        told.append({"id": "course-v1:RiverX+bad+2099", "org": "RiverX", "number": "bad"})
    parts, base = parts_of(told, courses), f"{partner.url}/api/courses/v1/courses/"
    for number, part in enumerate(parts, 1):
        more = f"{base}?page={number + 1}&page_size=100" if number < len(parts) else None
        content = json.dumps({"results": part, "pagination": {"next": more}})
        asked = f"?page={number}&page_size=100" if number > 1 else "?page_size=100"
        partner.say(f"/api/courses/v1/courses/{asked}", content)
    return base


def as_moodle(partner: Partner, courses: Courses) -> str:
    told: list[dict[str, Any]] = [
        {"id": number, "fullname": courses.title(name), "shortname": name, "categoryid": 2}
        | {"summary": "", "summaryformat": 1, "lang": "en", "visible": 1}
        for name in courses.names
        for number in [int.from_bytes(name.encode()[:3])]
    ]
    bad: list[Any] = ["no course"] if courses.bad else []
    partner.say("/webservice/rest/server.php", json.dumps({"courses": [*told, *bad]}))
    return partner.url


def as_oai(partner: Partner, courses: Courses) -> str:
    kept = "<granularity>YYYY-MM-DDThh:mm:ssZ</granularity><deletedRecord>no</deletedRecord>"
    partner.say("/oai?verb=Identify", repository.answer(kept, verb="Identify"))
    form = "<metadataFormat><metadataPrefix>oai_dc</metadataPrefix></metadataFormat>"
    partner.say(
        "/oai?verb=ListMetadataFormats", repository.answer(form, verb="ListMetadataFormats")
    )
    told = [
        repository.record(
            name,
            repository.dublin(
                f"title={courses.title(name)}", "language=en", f"identifier={link(name)}"
            ),
        )
        for name in courses.names
    ]
    if courses.bad:
        told.append(repository.record("bad", repository.dublin("language=en")))
    parts = parts_of(told, courses) or [[]]
    for number, part in enumerate(parts, 1):
        token = f"<resumptionToken>page{number + 1}</resumptionToken>"
        more = token if number < len(parts) else ""
        asked = f"resumptionToken=page{number}" if number > 1 else "metadataPrefix=oai_dc"
        inside = repository.answer("".join(part) + more)
        partner.say(f"/oai?verb=ListRecords&{asked}", inside)
    return f"{partner.url}/oai"


def as_schemaorg(partner: Partner, courses: Courses) -> str:
    for name in courses.names:
        course = {
            "@context": "https://schema.org",
            "@type": "Course",
            "name": courses.title(name),
            "url": f"{partner.url}/{name}",
            "inLanguage": "en",
        }
        partner.say(f"/{name}", pages_written.page(course))
    names = [*courses.names]
    if courses.bad:
        partner.say("/bad", pages_written.page({"@type": "Course", "inLanguage": "en"}))
        names.append("bad")
    pages = (f"{partner.url}/{name}" for name in names)
    return partner.say("/sitemap.xml", pages_written.sitemap(*pages))


PUBLISHING: dict[str, Publish] = {
    "csv": as_csv,
    "feed": as_feed,
    "ical": as_ical,
    "jsonl": as_jsonl,
    "moochub": as_moochub,
    "moodle": as_moodle,
    "oai": as_oai,
    "objects": as_objects,
    "openedx": as_openedx,
    "schedule": as_schedule,
    "schemaorg": as_schemaorg,
    "sheet": as_sheet,
}
PAGED = frozenset(("feed", "moochub", "oai", "objects", "openedx", "schemaorg"))


def publish(partner: Partner, adapter: str, courses: Courses) -> str:
    """Publish courses in a format, and nothing else; gives the address of the source."""
    partner.pages.clear()
    return PUBLISHING[adapter](partner, courses)


def everywhere(partner: Partner, content: bytes, **more: Any) -> None:
    """Let every page of the partner say this instead."""
    partner.pages = {path: Answer(content, **more) for path in partner.pages}
