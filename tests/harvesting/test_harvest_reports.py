"""flask harvest map and report: what words mean, and what a harvest found wrong."""

from __future__ import annotations

from pathlib import Path

import pytest
from flask import Flask

from tests.harvesting.commanded import flask, mapping, run, said
from tests.harvesting.harvested import offers, source
from tests.making import make_institution


def test_map_describes_offers_anew_at_once(app: Flask, feed: Path, tmp_path: Path) -> None:
    told = mapping(tmp_path)
    run(app, feed, "--mapping", told)
    kept = flask(app, "harvest", "map", "river-school", "poterie", "culture")
    assert said(kept) == (0, ["Kept. Offers described anew: 1"])
    terms = [[term.code for term in offer.terms] for offer in offers().values()]
    assert terms == [["water"], ["culture"]]
    assert "updated 0 + unchanged 2" in run(app, feed, "--mapping", told).output


def test_a_word_that_is_a_method_is_no_issue_any_more(
    app: Flask, feed: Path, tmp_path: Path
) -> None:
    run(app, feed, "--mapping", mapping(tmp_path))
    for meant in (("culture",), ("webinar", "--vocabulary", "methodology")):
        kept = flask(app, "harvest", "map", "river-school", "poterie", *meant)
        assert said(kept) == (0, ["Kept. Offers described anew: 1"])
    terms = [[term.code for term in offer.terms] for offer in offers().values()]
    assert terms == [["water"], ["webinar"]]


@pytest.mark.parametrize("more", [("nonsense",), ("culture", "--source", "moodle")])
def test_map_refuses_a_term_or_a_source_that_is_not_there(
    app: Flask, feed: Path, more: tuple[str, ...]
) -> None:
    run(app, feed)
    result = flask(app, "harvest", "map", "river-school", "Poterie", *more)
    assert (result.exit_code, result.output.startswith("Error: There is no source")) == (1, True)


def test_report_shows_sums_and_findings_by_line(app: Flask, feed: Path, tmp_path: Path) -> None:
    run(app, feed, "--mapping", mapping(tmp_path))
    code, output = said(flask(app, "harvest", "report", "river-school"))
    cells = [line.split("\t") for line in output[1:]]
    assert (code, output[0][:8]) == (0, "read 3 =")
    assert [(line, weight, sentence) for line, _, weight, sentence, _ in cells] == [
        *[
            (
                "line 3",
                "noted",
                "The record has neither identifier nor address; its words stand for one.",
            ),
            ("line 3", "held", "There is no web address: the offer is kept, but not listed."),
            ("line 4", "rejected", "The record has no title."),
        ],
    ]


def test_report_tells_why_a_harvest_failed(app: Flask, feed: Path) -> None:
    feed.write_bytes(b"")
    run(app, feed)
    assert said(flask(app, "harvest", "report", "river-school")) == (0, ["The file is empty."])


def test_report_of_what_was_never_read_says_so(app: Flask) -> None:
    make_institution("river-school")
    result = flask(app, "harvest", "report", "river-school")
    asked = "Say which source with --source NAME. Sources of river-school: none"
    assert said(result) == (1, [f"Error: {asked}"])
    source("csv")
    result = flask(app, "harvest", "report", "river-school")
    assert said(result) == (1, ["Error: This source has not been read yet."])


def test_report_asks_which_of_several_sources(app: Flask, feed: Path) -> None:
    run(app, feed)
    source("jsonl")
    _code, [told] = said(flask(app, "harvest", "report", "river-school"))
    asked = "Say which source with --source NAME. Sources of river-school: csv, jsonl"
    assert told == f"Error: {asked}"
    code, output = said(flask(app, "harvest", "report", "river-school", "--source", "csv"))
    assert (code, output[0][:8]) == (0, "read 3 =")
