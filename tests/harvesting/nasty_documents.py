"""The nastiest answers of repositories, programmes of conferences and web pages."""

from __future__ import annotations

from collections.abc import Iterable

from tests.harvesting import pages_written, repository
from tests.harvesting.nasty_filled import Make, filled

OAI_HEAD = (
    f'<?xml version="1.0"?><OAI-PMH xmlns="{repository.OAI}">'
    f"<responseDate>{repository.ANSWERED}</responseDate><ListRecords>"
)
OAI_END = "</ListRecords></OAI-PMH>"


def titled(languages: Iterable[str]) -> bytes:
    """Write a record with a title in each of these languages."""
    told = repository.dublin(*(f"title@{one}=a" for one in languages))
    return (OAI_HEAD + repository.record("1", told) + OAI_END).encode()


OAI: dict[str, Make] = {
    "many tiny records": lambda: filled(
        OAI_HEAD, repository.record("#", repository.dublin("title=a")), OAI_END
    ),
    "one giant record": lambda: filled(
        OAI_HEAD + repository.record("1", "BODY").partition("BODY")[0], "<a>wide </a>", OAI_END
    ),
    "titles beyond number": lambda: titled("x" for _ in range(100_000)),
    "languages beyond number": lambda: titled(f"{n}" for n in range(100_000)),
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
