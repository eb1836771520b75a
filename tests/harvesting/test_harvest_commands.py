"""flask harvest run: what it prints, and how it fails."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import func, select

from academy.config import CHECKOUT, Settings
from academy.db import db, unit_of_work
from courses.catalogue.models import Offer
from courses.catalogue.texts import LanguageOrigin
from courses.harvesting.models import Harvest, HarvestState, SourceRecord
from courses.sources.models import Source, SourceState
from tests.harvesting.commanded import flask, mapping, run, said
from tests.harvesting.harvested import lines, offers, record
from tests.harvesting.partner import approved

GUESSED = """\
[columns]
title = ["Intitulé"]   # guessed
url = ["Lien"]   # guessed
cost = ["Prix"]   # guessed
"""


def test_a_harvest_prints_columns_sums_findings_and_words(
    app: Flask, feed: Path, tmp_path: Path
) -> None:
    assert said(run(app, feed, "--mapping", mapping(tmp_path))) == (
        0,
        [
            *GUESSED.splitlines(),
            'subjects = ["Thèmes"]',
            "read 3 = added 2 + updated 0 + unchanged 0 + rejected 1  (held back from the list: 1)",
            "      1  The record has neither identifier nor address; its words stand for one.",
            "      1  There is no web address: the offer is kept, but not listed.",
            "      1  The record has no title.",
            "Words that are none of our terms yet, most frequent first:",
            "      1  Poterie",
        ],
    )


def test_a_second_harvest_says_that_nothing_changed(app: Flask, feed: Path) -> None:
    run(app, feed)
    output = run(app, feed).output.splitlines()
    assert output[4:] == [
        "read 3 = added 0 + updated 0 + unchanged 2 + rejected 1  (held back from the list: 1)",
        "      1  The record has no title.",
    ]


def test_what_is_printed_is_a_mapping_to_start_from(app: Flask, feed: Path, tmp_path: Path) -> None:
    printed = run(app, feed).output.partition("read ")[0]
    again = run(app, feed, "--mapping", mapping(tmp_path, printed))
    assert again.output.startswith(printed.replace("   # guessed", ""))
    assert "added 0 + updated 0 + unchanged 2" in again.output


def test_a_default_language_is_said_by_the_source(app: Flask, feed: Path, tmp_path: Path) -> None:
    assert run(app, feed, "--mapping", mapping(tmp_path)).exit_code == 0
    for offer in offers().values():
        [language] = offer.languages
        assert (language.code, language.origin) == ("fr", LanguageOrigin.SOURCE)
        assert (offer.language, offer.level) == ("fr", "introductory")


@pytest.mark.parametrize(
    ("content", "adapter", "sentence"),
    [
        (b"", "csv", "The file is empty."),
        (b"\n\n", "jsonl", "The file is empty."),
        (
            *(b"<!doctype html><html></html>", "csv"),
            "The file is a web page, not a feed. A sign-in page was perhaps saved instead.",
        ),
        (
            b"PK\x03\x04\x00\x00",
            "csv",
            "The file is an XLSX workbook or an archive. Save the sheet as CSV.",
        ),
        (b"\x89PNG\r\n\x1a\n\x00\x00\x00\r", "jsonl", "The file is not text."),
        (b"a,b\n1,2\n", "csv", "No column holds a title. The columns are: a, b."),
        (
            b'[{"title": "x"}]\n',
            "jsonl",
            "The file is one JSON array. JSON Lines has one object a line, and no comma.",
        ),
        (
            lines(record("water"), record("heat"))[:-9],
            "jsonl",
            "The file breaks off in line 2. Nothing was read; send it again.",
        ),
    ],
)
def test_a_file_that_is_no_feed_fails_with_its_one_sentence(
    app: Flask, feed: Path, content: bytes, adapter: str, sentence: str
) -> None:
    feed.write_bytes(content)
    assert said(run(app, feed, adapter=adapter)) == (1, [f"Error: {sentence}"])
    db.session.rollback()
    [kept] = db.session.scalars(select(Harvest))
    assert (kept.state, kept.reason) == (HarvestState.FAILED, sentence)
    assert offers() == {}


def test_a_file_over_the_limit_fails_without_being_read(app: Flask, feed: Path) -> None:
    with feed.open("r+b") as file:
        file.truncate((100 << 20) + 1)
    assert said(run(app, feed)) == (1, ["Error: The file is larger than 100 MB."])


def test_a_failed_harvest_leaves_what_was_read_before(app: Flask, feed: Path) -> None:
    run(app, feed)
    before = {name: offer.titles for name, offer in offers().items()}
    feed.write_bytes(b"<html></html>")
    assert run(app, feed).exit_code == 1
    assert {name: offer.titles for name, offer in offers().items()} == before


@pytest.mark.parametrize(
    "arguments",
    [
        ("harvest", "run", "FEED", "--as", "csv", "--institution", "nobody"),
        ("harvest", "report", "nobody"),
        ("harvest", "map", "nobody", "Poterie", "culture"),
    ],
)
def test_an_unknown_institution_is_named_with_the_remedy(
    app: Flask, feed: Path, arguments: tuple[str, ...]
) -> None:
    result = flask(app, *(feed if word == "FEED" else word for word in arguments))
    sentence = "There is no institution 'nobody': flask institutions add nobody --name NAME"
    assert said(result) == (1, [f"Error: {sentence}"])


@pytest.mark.parametrize(
    ("toml", "sentence"),
    [
        ("[columns\n", "Error: The mapping cannot be read: Expected"),
        ('[columns]\ntitel = "x"\n', "Error: The mapping cannot be read: 'titel' is none of our"),
        (
            '[columns]\ntitle = "Titre"\n',
            "Error: There is no column Titre. The columns are: Intitulé",
        ),
    ],
)
def test_a_mapping_that_does_not_fit_is_refused(
    app: Flask, feed: Path, tmp_path: Path, toml: str, sentence: str
) -> None:
    code, output = said(run(app, feed, "--mapping", mapping(tmp_path, toml)))
    assert (code, output[-1][: len(sentence)]) == (1, sentence)


def test_an_unknown_zone_is_refused_before_anything_is_read(app: Flask, feed: Path) -> None:
    sentence = "'Mars' is no time zone, such as Africa/Nairobi."
    assert said(run(app, feed, "--zone", "Mars")) == (1, [f"Error: {sentence}"])
    assert db.session.scalar(select(func.count()).select_from(Harvest)) == 0


@pytest.mark.parametrize(
    ("held", "sentence"),
    [
        ({"adapter": "jsonl"}, "This source is read in another format or time zone."),
        ({"zone": "Africa/Nairobi"}, "This source is read in another format or time zone."),
        ({"state": SourceState.PAUSED}, "A steward approves this source before it is read."),
    ],
)
def test_a_file_changes_nothing_of_the_source_it_is_read_into(
    app: Flask, feed: Path, held: dict[str, Any], sentence: str
) -> None:
    kept = {"adapter": "csv", "zone": "UTC", "state": SourceState.APPROVED, **held}
    source = approved("https://school.example/feed", kept["adapter"], name="ours")
    with unit_of_work():
        for name, value in kept.items():
            setattr(db.session.get_one(Source, source), name, value)
    assert said(run(app, feed, "--source", "ours")) == (1, [f"Error: {sentence}"])
    db.session.expire_all()
    found = db.session.get_one(Source, source)
    assert {name: getattr(found, name) for name in kept} == kept
    assert offers() == {}


def test_two_commands_at_once_leave_one_copy_of_each_record(app: Flask, feed: Path) -> None:
    count = 400
    feed.write_bytes(lines(*(record(f"subject-{number}") for number in range(count))))
    settings: Settings = app.config["SETTINGS"]
    environment = os.environ | {"ACADEMY_ENV": "development", "ACADEMY_HOME": str(settings.home)}
    environment |= {"SECRET_KEY": settings.secret_key}
    command = [sys.executable, "-m", "flask", "--app", "wsgi", "harvest", "run", str(feed)]
    command += ["--as", "jsonl", "--institution", "river-school"]
    processes = [
        subprocess.Popen(command, cwd=CHECKOUT, env=environment, text=True, stdout=subprocess.PIPE)
        for _ in range(2)
    ]
    outputs = [process.communicate(timeout=120)[0] for process in processes]
    assert [process.returncode for process in processes] == [0, 0]
    # A slow one tells before how far it has come.
    reports = [output.splitlines()[-1] for output in outputs]
    assert [report.startswith(f"read {count} = added ") for report in reports] == [True, True]
    db.session.rollback()
    for model in (SourceRecord, Offer):
        assert db.session.scalar(select(func.count()).select_from(model)) == count
