"""What is said of the encoding of a feed, page, calendar or programme is used; a guess is noted."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from courses.harvesting.adapting import ADAPTERS
from courses.harvesting.draft import Draft, Feed
from tests.harvesting.calendars_written import calendar, event
from tests.harvesting.feeds_written import item, rss
from tests.harvesting.harvested import drafts
from tests.harvesting.pages_written import page

CITY, WATER = "Город у реки", "Вода и люди"


def entry(title: str, said: str = "") -> str:
    declared = f'<?xml version="1.0" encoding="{said}"?>' if said else '<?xml version="1.0"?>'
    text = rss(item()).decode().replace('<?xml version="1.0"?>', declared)
    return text.replace("About water", title)


def marked_up(title: str, said: str = "") -> str:
    head = f'<meta charset="{said}">' if said else ""
    course = f'{{"@type": "Course", "name": "{title}", "url": "https://school.example/1"}}'
    return page(course, head=head).decode()


def dated(title: str, said: str = "") -> str:
    del said
    told = event("DURATION:PT1H", start="20260303T100000Z")
    return (
        calendar(told, head=f"X-REMARK:{title}\r\n")
        .decode()
        .replace("SUMMARY:", f"SUMMARY:{title} ")
    )


def programme(title: str, said: str = "") -> str:
    declared = f'<?xml version="1.0" encoding="{said}"?>' if said else ""
    return f'{declared}<schedule><event guid="1"><title>{title}</title></event></schedule>'


def tabled(title: str, said: str = "") -> str:
    del said
    return f"id,title,link\n1,{title},https://school.example/1\n"


WRITTEN: dict[str, Callable[..., str]] = {
    "csv": tabled,
    "feed": entry,
    "ical": dated,
    "schedule": programme,
    "schemaorg": marked_up,
}


def read(adapter: str, content: bytes, charset: str = "") -> tuple[str, list[str]]:
    """Give the title of the one record, and what was noted of its encoding."""
    feed = Feed(content, charset=charset, address="https://school.example/feed")
    [draft] = drafts(list(ADAPTERS[adapter].read(feed)))
    return draft.texts[0].title, guesses(draft)


def guesses(draft: Draft) -> list[str]:
    return [found.found for found in draft.findings if found.code == "guessed-encoding"]


@pytest.mark.parametrize("adapter", WRITTEN)
def test_the_encoding_an_answer_names_is_used(adapter: str) -> None:
    title, noted = read(adapter, WRITTEN[adapter](CITY).encode("cp1251"), "windows-1251")
    assert (title.startswith(CITY), noted) == (True, [])


@pytest.mark.parametrize("adapter", ["feed", "schedule", "schemaorg"])
@pytest.mark.parametrize("charset", ["", "iso-8859-1"])
def test_the_encoding_a_document_names_is_used(adapter: str, charset: str) -> None:
    content = WRITTEN[adapter](CITY, "windows-1251").encode("cp1251")
    assert read(adapter, content, charset) == (CITY, [])


@pytest.mark.parametrize("adapter", WRITTEN)
def test_what_nobody_says_is_guessed_and_the_guess_is_noted(adapter: str) -> None:
    content = WRITTEN[adapter]("Été").encode("cp1252")
    title, noted = read(adapter, content)
    assert (title.startswith("Été"), noted) == (True, ["Windows-1252"])


@pytest.mark.parametrize("adapter", WRITTEN)
def test_utf_8_and_what_has_a_mark_is_known(adapter: str) -> None:
    for encoding in ("utf-8", "utf-8-sig", "utf-16"):
        title, noted = read(adapter, WRITTEN[adapter](WATER).encode(encoding))
        assert (title.startswith(WATER), noted) == (True, [])
