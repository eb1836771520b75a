"""Commands: flask reviews list, show, hide: a look at first reviews before all read them."""

from __future__ import annotations

import click
from flask.cli import AppGroup

from academy.db import unit_of_work, utcnow
from courses.feedback import queries
from courses.feedback.models import ReviewState
from courses.feedback.operations import decide

group = AppGroup("reviews", help="What people say, and whether all may read it.")


@group.command("list")
@click.option("--limit", default=50, help="How many at most.")
def waiting(limit: int) -> None:
    """List the reviews that wait for a look, oldest first."""
    for review in queries.held_reviews(limit=limit):
        said = " ".join(review.text.split()) or "(no text)"
        click.echo(f"{review.id}\t{review.run.offer.slug}\t{review.language}\t{said}")


@group.command("show")
@click.argument("number", type=int)
def show(number: int) -> None:
    """Let all read the review NUMBER of the list."""
    _decide(number, ReviewState.SHOWN)


@group.command("hide")
@click.argument("number", type=int)
def hide(number: int) -> None:
    """Let nobody read the review NUMBER."""
    _decide(number, ReviewState.HIDDEN)


def _decide(number: int, state: ReviewState) -> None:
    with unit_of_work():
        review = queries.review_by_number(number)
        if review is None:
            raise click.ClickException(f"There is no review {number}: flask reviews list")
        decide(review, state, review.run.offer, by=None, now=utcnow())
    click.echo(f"Review {number} is {state.value}.")
