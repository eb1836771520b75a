"""Commands of the domain: flask vocabularies, search, harvest, demo."""

from __future__ import annotations

import json
from dataclasses import replace
from pathlib import Path

import click
from flask import Flask
from flask.cli import AppGroup

from academy.db import unit_of_work, utcnow
from academy.errors import Refusal
from academy.institutions.models import Institution
from academy.institutions.queries import institution_by_slug
from courses import reviewing, search_commands
from courses.demonstration import commands as demonstration
from courses.harvesting import operations, queries
from courses.harvesting.adapters import csv
from courses.harvesting.draft import Feed, NotAFeed
from courses.harvesting.models import Harvest
from courses.harvesting.adapting import ADAPTERS
from courses.harvesting.pipeline import Report
from courses.harvesting.reading.columns import guess_columns, mapping_of
from courses.harvesting.reading.dates import zone_or_none
from courses.harvesting.running import LARGEST_FILE_MB, Outcome, run_harvest
from courses.harvesting.sentences import FINDINGS, REASONS
from courses.harvesting.words import MAPPED
from courses.progress import progress
from courses.sources.models import Source
from courses.vocabularies.models import Vocabulary
from courses.vocabularies.operations import sync
from courses.vocabularies.queries import vocabularies

vocabularies_group = AppGroup("vocabularies", help="The terms offers are described with.")
harvest_group = AppGroup("harvest", help="Reading what institutions publish.")
SHOWN = 20


@vocabularies_group.command("sync")
def sync_vocabularies() -> None:
    """Bring the terms in line with the files; nothing is deleted."""
    with unit_of_work():
        changed = sync()
    click.echo(f"New or changed terms: {changed:,}")


@harvest_group.command("run")
@click.argument("file", type=click.Path(exists=True, dir_okay=False, path_type=Path))
@click.option("--as", "adapter", type=click.Choice(sorted(ADAPTERS)), required=True)
@click.option("--institution", "slug", required=True, help="Whose feed it is.")
@click.option("--source", "name", help="Its name, where an institution has several of a format.")
@click.option("--zone", default="UTC", help="The zone of hours that name none (IANA).")
@click.option(
    "--mapping",
    type=click.Path(exists=True, dir_okay=False, path_type=Path),
    help="TOML with [columns] (our field = their header or headers) and [defaults].",
)
def harvest(
    file: Path, adapter: str, slug: str, name: str | None, zone: str, mapping: Path | None
) -> None:
    """Read FILE into the catalogue, as a feed of an institution."""
    zone_known = zone_or_none(zone)
    if zone_known is None:
        raise click.ClickException(f"{zone!r} is no time zone, such as Africa/Nairobi.")
    columns, defaults = _mapping(mapping)
    with unit_of_work():
        source_id = operations.ensure_source(
            _institution(slug), name or adapter, adapter=adapter, zone=zone_known, now=utcnow()
        ).id
    small = file.stat().st_size <= LARGEST_FILE_MB << 20
    feed = Feed(file.read_bytes(), columns, defaults, zone_known) if small else None
    if feed and adapter == "csv":
        feed = _with_columns(feed)
    with progress("Reading") as teller:
        outcome = run_harvest(source_id, feed, adapter, progress=lambda r: teller.tell(r.read))
    _show(outcome)


@harvest_group.command("map")
@click.argument("slug")
@click.argument("word")
@click.argument("code", required=False)
@click.option("--source", "name", default="csv")
@click.option("--vocabulary", type=click.Choice([one.value for one in MAPPED]), default="issue")
def map_word(slug: str, word: str, code: str | None, name: str, vocabulary: str) -> None:
    """Say that a partner's WORD means the term CODE; without a code, that it is none of ours."""
    with unit_of_work():
        source = queries.source_of(_institution(slug), name)
        term = vocabularies().by_code.get((Vocabulary(vocabulary), code or ""))
        if source is None or (code and term is None):
            raise click.ClickException(f"There is no source {name!r}, or no term {code!r}.")
        operations.map_word(source, word, vocabulary=Vocabulary(vocabulary), term=term)
    click.echo("Kept. The next harvest describes its offers anew.")


@harvest_group.command("report")
@click.argument("slug")
@click.option("--source", "name", default="csv")
@click.option("--limit", default=50, help="How many findings to list.")
def report(slug: str, name: str, limit: int) -> None:
    """Show what became of the last harvest of a source, and what was wrong record by record."""
    source: Source | None = queries.source_of(_institution(slug), name)
    harvest_ = queries.last_harvest(source) if source else None
    if harvest_ is None:
        raise click.ClickException("This source has not been read yet.")
    click.echo(harvest_.reason or _sum(harvest_))
    for row in queries.findings_of(harvest_.id, limit=limit):
        sentence = FINDINGS[row.code]
        click.echo(f"line {row.line}\t{row.external_id}\t{row.weight}\t{sentence}\t{row.found}")


def _institution(slug: str) -> Institution:
    try:
        return institution_by_slug(slug)
    except Refusal as refusal:
        raise click.ClickException(
            f"There is no institution {slug!r}: flask institutions add {slug} --name NAME"
        ) from refusal


def _mapping(file: Path | None) -> tuple[dict[str, list[str]], dict[str, str]]:
    if file is None:
        return {}, {}
    try:
        return mapping_of(file.read_text(encoding="utf-8"))
    except ValueError as wrong:
        raise click.ClickException(f"The mapping cannot be read: {wrong}") from wrong


def _with_columns(feed: Feed) -> Feed:
    """Print the mapping of columns as TOML, so that a guess is seen and can be corrected."""
    try:
        guessed = guess_columns(csv.headers(feed))
    except NotAFeed:
        return feed
    columns = {**guessed, **feed.columns}
    if columns:
        click.echo("[columns]")
    for field, headers in columns.items():
        note = "" if field in feed.columns else "   # guessed"
        click.echo(f"{field} = {json.dumps(headers, ensure_ascii=False)}{note}")
    return replace(feed, columns=columns)


def _show(outcome: Outcome) -> None:
    if outcome.failure is not None:
        reason = REASONS[outcome.failure.code] % outcome.failure.details
        raise click.ClickException(str(reason))
    made = outcome.report
    click.echo(_sum(made))
    for code, count in made.findings.most_common():
        click.echo(f"{count:>7,}  {FINDINGS[code]}")
    if made.unmapped:
        click.echo("Words that are none of our terms yet, most frequent first:")
        for word, count in made.unmapped.most_common(SHOWN):
            click.echo(f"{count:>7,}  {word}")


def _sum(made: Report | Harvest) -> str:
    return (
        f"read {made.read:,} = added {made.added:,} + updated {made.updated:,} "
        f"+ unchanged {made.unchanged:,} + rejected {made.rejected:,}"
        f"  (held back from the list: {made.held:,})"
    )


def add_commands(app: Flask) -> None:
    """Give `flask` the commands of the domain."""
    for group in (
        vocabularies_group,
        search_commands.group,
        harvest_group,
        reviewing.group,
        demonstration.group,
    ):
        app.cli.add_command(group)
