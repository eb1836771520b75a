"""Real feeds, as partners publish them: every record accounted for, counted independently."""

from __future__ import annotations

import codecs
import csv
import html
import io
import json
import os
import re
import unicodedata
from collections import Counter
from collections.abc import Sequence
from itertools import islice
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import func, select

from academy.db import db
from academy.text import clean_line
from courses.catalogue.models import Offer, State
from courses.catalogue.runs import Run
from courses.catalogue.texts import LanguageOrigin, LanguageRole, OfferLanguage, OfferText
from courses.harvesting.adapters import csv as tables
from courses.harvesting.draft import Feed
from courses.harvesting.models import SourceRecord
from courses.harvesting.reading.columns import guess_columns
from tests.harvesting.feeds_known import FILES, Known
from tests.harvesting.harvested import counts, harvest, offers, prints

pytestmark = [pytest.mark.sample, pytest.mark.usefixtures("app", "unmeasured")]
LIMIT = None if os.environ.get("CI") else 2_000
MOST = 0.9
DAY = re.compile(r"\d{4}-?\d{2}-?\d{2}|[A-Z][a-z]{2}, \d{2} [A-Z]")
GUESSED = LanguageOrigin.GUESSED
EMPTY = {"", "not-mentioned"}
Row = dict[str, Any]
ORIGINS = {"declared": LanguageOrigin.DECLARED, "file": LanguageOrigin.SOURCE}


def rows(sample: Path, name: str) -> list[Row]:
    """Read a table by the library alone, told what somebody knows who looked at it."""
    known = FILES[name]
    text = (sample / "feeds" / "csv" / name).read_bytes().decode(known.encoding)
    found = csv.DictReader(io.StringIO(text, newline=""), delimiter=known.delimiter)
    return [row for row in found if any(str(cell or "").strip() for cell in row.values())]


def records(sample: Path) -> list[dict[str, Any]]:
    with (sample / "courses.jsonl").open(encoding="utf-8") as file:
        return [json.loads(line) for line in islice(file, LIMIT)]


def bare(text: str) -> str:
    """Spell a title the same whichever way it came, with or without invisible characters."""
    composed = unicodedata.normalize("NFC", html.unescape(text))
    seen = "".join(char for char in composed if unicodedata.category(char) not in {"Cc", "Cf"})
    return " ".join(seen.split()).strip('"')


def taught() -> Counter[tuple[str, LanguageOrigin]]:
    languages = select(OfferLanguage.code, OfferLanguage.origin)
    taught = languages.where(OfferLanguage.role == LanguageRole.TAUGHT)
    return Counter((code, origin) for code, origin in db.session.execute(taught))


def test_every_table_of_the_sample_is_known(sample: Path) -> None:
    assert sorted(path.name for path in (sample / "feeds" / "csv").glob("*.csv")) == sorted(FILES)


@pytest.mark.parametrize("name", sorted(FILES))
def test_columns_of_a_real_table_are_guessed_as_somebody_would_who_looks(
    sample: Path, name: str
) -> None:
    content = (sample / "feeds" / "csv" / name).read_bytes()
    assert guess_columns(tables.headers(Feed(content))) == FILES[name].columns


@pytest.mark.parametrize("name", sorted(FILES))
def test_a_real_table_is_accounted_for_and_a_second_time_changes_nothing(
    sample: Path, name: str
) -> None:
    known, content = FILES[name], (sample / "feeds" / "csv" / name).read_bytes()
    told = rows(sample, name)
    first = harvest(content, "csv")
    unchanged = len(told) - known.added - known.rejected
    assert counts(first.report) == (len(told), known.added, 0, unchanged, known.rejected)
    check_titles_and_addresses(known, told)
    check_languages(known, told)
    before = prints()
    second = harvest(content, "csv")
    again = len(told) - known.rejected
    assert counts(second.report) == (len(told), 0, 0, again, known.rejected)
    assert (first.report.held, second.report.held, prints()) == (known.held, known.held, before)


def check_titles_and_addresses(known: Known, told: Sequence[Row]) -> None:
    """Every title is one of the table, every address too, and what is not held is listed."""
    [title], [url] = known.columns["title"], known.columns["url"]
    kept = {bare(text) for text in db.session.scalars(select(OfferText.title))}
    assert kept - {bare(row[title]) for row in told} == set()
    whole = [row[url].strip() for row in told if row[title].strip() and "\n" not in row[title]]
    addresses = {address for address in whole if address.startswith("http")}
    found = set(db.session.scalars(select(Offer.address).where(Offer.address != "")))
    assert found == addresses
    listed = select(func.count()).select_from(Offer).where(Offer.state == State.PUBLISHED)
    assert db.session.scalar(listed) == known.added - known.held


def check_languages(known: Known, told: Sequence[Row]) -> None:
    """What is named is kept as declared; the rest is guessed, marked, and nearly always one."""
    found = taught()
    guessed = {code: n for (code, origin), n in found.items() if origin is GUESSED}
    if known.mostly:
        assert sum(guessed.values()) == sum(found.values()) == known.added - unclear()
        assert guessed[known.mostly] >= MOST * sum(guessed.values())
        return
    [column], [title] = known.columns["language"], known.columns["title"]
    words = Counter(word.strip() for row in told if row[title] for word in row[column].split("|"))
    declared = {word: found[code, LanguageOrigin.DECLARED] for word, code in known.named.items()}
    assert declared == {word: words[word] for word in known.named}
    assert sum(guessed.values()) == sum(words[word] for word in EMPTY) - unclear()


def unclear() -> int:
    """Count the offers whose language was neither said nor plain."""
    return db.session.scalar(select(func.count()).where(Offer.language == "und")) or 0


def test_a_real_calendar_keeps_its_hours_in_its_zone(sample: Path) -> None:
    harvest((sample / "feeds" / "csv" / "nci_events.csv").read_bytes(), "csv")
    runs = db.session.execute(select(Run.starts_at, Run.zone).order_by(Run.id)).all()
    assert (runs[0].starts_at.isoformat(), runs[0].zone) == (
        *("2022-02-22T02:30:00+00:00", "Australia/Sydney"),
    )
    assert {row.zone for row in runs} == {"Australia/Sydney", "Australia/Melbourne"}
    assert all(row.starts_at for row in runs)


@pytest.mark.slow
def test_the_records_of_our_format_are_accounted_for_and_change_nothing_twice(
    sample: Path,
) -> None:
    told = records(sample)
    content = "".join(json.dumps(one, ensure_ascii=False) + "\n" for one in told).encode()
    first = harvest(content)
    assert counts(first.report) == (len(told), len(told), 0, 0, 0)
    check_against(told)
    before = prints()
    second = harvest(content)
    assert counts(second.report) == (len(told), 0, 0, len(told), 0)
    assert (first.report.held, prints()) == (second.report.held, before)


def as_meant(title: str) -> str:
    """Read anew what was UTF-8 and taken for Windows' own letters; what cannot be, stays."""
    try:
        return title.encode("cp1252").decode("utf-8", errors="as_windows")
    except UnicodeEncodeError:
        return title


def as_windows(error: UnicodeError) -> tuple[str, int]:
    """Keep one byte that is no UTF-8 as the letter that Windows has for it."""
    assert isinstance(error, UnicodeDecodeError)
    after = error.start + 1
    return error.object[error.start : after].decode("cp1252"), after


codecs.register_error("as_windows", as_windows)


def check_against(told: list[dict[str, Any]]) -> None:
    """Compare what was kept with what the records say, field by field."""
    ids = {f"{one['source']}:{one['source_id']}" for one in told}
    assert set(db.session.scalars(select(SourceRecord.external_id))) == ids
    found = offers()
    for one in told:
        offer = found[f"{one['source']}:{one['source_id']}"]
        assert next(iter(offer.titles.values())) == as_meant(clean_line(one["title"]))
        address = one.get("url") or ""
        assert offer.address == (address if address.startswith("http") else "")
        assert offer.state is (State.PUBLISHED if offer.address else State.DRAFT)
        assert offer.kind == ("webinar" if one["kind"] in {"webinar", "event"} else "course")
        taught = [each for each in offer.languages if each.role is LanguageRole.TAUGHT]
        own = {each.code: each.origin for each in taught}
        assert own[one["language"]] is ORIGINS.get(one["lang_src"], GUESSED)
        starts = [run.starts_at for run in offer.runs]
        assert (starts != [None]) == bool(DAY.match(one.get("start") or ""))
