"""Commands of harvesting: flask harvest run, map, report."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import replace
from pathlib import Path
from typing import Any

import click
from flask.cli import AppGroup

from academy.db import unit_of_work, utcnow
from academy.errors import Refusal
from academy.institutions.models import Institution
from academy.institutions.queries import institution_by_slug
from courses.harvest_now import carry_out_due, carry_out_source, told_sum
from courses.harvesting import operations, queries
from courses.harvesting.adapters import csv
from courses.harvesting.adapting import ADAPTERS
from courses.harvesting.draft import Feed, NotAFeed
from courses.harvesting.reading.columns import guess_columns, mapping_of
from courses.harvesting.reading.zones import zone_or_none
from courses.harvesting.running import LARGEST_FILE_MB, Outcome, run_harvest
from courses.harvesting.sentences import FINDINGS, reason
from courses.harvesting.words.mapping import Said, keep
from courses.harvesting.words.retagging import retag
from courses.harvesting.words.table import MAPPED, OF_SUBJECTS
from courses.progress import progress
from courses.sources.models import Source
from courses.sources.queries import sources_of
from courses.vocabularies.models import Vocabulary
from courses.vocabularies.queries import vocabularies

group = AppGroup("harvest", help="Reading what institutions publish.")
SHOWN = 20


@group.command("run")
@click.argument(
    "file", required=False, type=click.Path(exists=True, dir_okay=False, path_type=Path)
)
@click.option("--as", "adapter", type=click.Choice(sorted(ADAPTERS)), help="The format of FILE.")
@click.option("--institution", "slug", help="Whose feed it is.")
@click.option("--source", "name", help="Its name, where an institution has several of a format.")
@click.option("--zone", default="UTC", help="The zone of hours that name none (IANA).")
@click.option(
    "--mapping",
    type=click.Path(exists=True, dir_okay=False, path_type=Path),
    help="TOML with [columns] (our field = their header or headers) and [defaults].",
)
@click.option("--due", is_flag=True, help="Read every source whose hour has come.")
def run(file: Path | None, slug: str | None, name: str | None, due: bool, **given: Any) -> None:
    """Read FILE into the catalogue, one source by its name, or all sources that are due."""
    adapter = given["adapter"]
    if due:
        carry_out_due()
    elif file is not None and adapter and slug:
        _run_file(file, slug, name or adapter, given)
    elif file is None and slug and name:
        carry_out_source(_institution(slug), name)
    else:
        raise click.UsageError("Say --due, or FILE --as --institution, or --institution --source.")


def _run_file(file: Path, slug: str, name: str, given: Mapping[str, Any]) -> None:
    adapter, zone = given["adapter"], given["zone"]
    zone_known = zone_or_none(zone)
    if zone_known is None:
        raise click.ClickException(f"{zone!r} is no time zone, such as Africa/Nairobi.")
    columns, defaults = _mapping(given["mapping"])
    try:
        with unit_of_work():
            source_id = operations.ensure_source(
                _institution(slug), name, adapter=adapter, zone=zone_known, now=utcnow()
            ).id
    except Refusal as refusal:
        raise click.ClickException(str(refusal.sentence)) from refusal
    small = file.stat().st_size <= LARGEST_FILE_MB << 20
    feed = Feed(file.read_bytes(), columns, defaults, zone_known) if small else None
    if feed and adapter == "csv":
        feed = _with_columns(feed)
    with progress("Reading") as teller:
        outcome = run_harvest(source_id, feed, adapter, progress=lambda r: teller.tell(r.read))
    _show(outcome)


@group.command("map")
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
        among = "" if vocabulary in OF_SUBJECTS else vocabulary
        keep(source, Said(word, among, term), person=None, now=utcnow())
        source_id = source.id
    click.echo(f"Kept. Offers described anew: {_described_anew(source_id, word):,}")


def _described_anew(source_id: int, word: str) -> int:
    """Describe what is stored by the new mapping; tells how many offers that changed."""
    changed, done = 0, False
    with progress("Describing offers anew") as teller:
        while not done:
            some = retag(source_id, word, now=utcnow())
            changed, done = changed + some.changed, some.done
            teller.tell(changed)
    return changed


@group.command("report")
@click.argument("slug")
@click.option("--source", "name", help="Its name, where the institution has several.")
@click.option("--limit", default=50, help="How many findings to list.")
def report(slug: str, name: str | None, limit: int) -> None:
    """Show what became of the last harvest of a source, and what was wrong record by record."""
    harvest_ = queries.last_harvest(_source(_institution(slug), name))
    if harvest_ is None:
        raise click.ClickException("This source has not been read yet.")
    click.echo(harvest_.reason or told_sum(harvest_))
    for row in queries.findings_of(harvest_.id, limit=limit):
        sentence = FINDINGS[row.code]
        click.echo(f"line {row.line}\t{row.external_id}\t{row.weight}\t{sentence}\t{row.found}")


def _source(institution: Institution, name: str | None) -> Source:
    """Find a source by its name, or the only one there is."""
    sources = [one for one in sources_of(institution) if name in (None, one.name)]
    if len(sources) == 1:
        return sources[0]
    known = ", ".join(one.name for one in sources_of(institution)) or "none"
    why = f"There is no source {name!r}" if name else "Say which source with --source NAME"
    raise click.ClickException(f"{why}. Sources of {institution.slug}: {known}")


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
        raise click.ClickException(reason(outcome.failure.code, outcome.failure.details))
    made = outcome.report
    click.echo(told_sum(made))
    for code, count in made.findings.most_common():
        click.echo(f"{count:>7,}  {FINDINGS[code]}")
    if made.unmapped:
        click.echo("Words that are none of our terms yet, most frequent first:")
        for word, count in made.unmapped.most_common(SHOWN):
            click.echo(f"{count:>7,}  {word}")
