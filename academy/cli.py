"""Commands of the platform: flask people, flask institutions."""

from __future__ import annotations

import re

import click
from flask import Flask
from flask.cli import AppGroup

from academy.accounts import operations as accounts
from academy.accounts import queries, rules
from academy.accounts.models import Steward
from academy.db import unit_of_work, utcnow
from academy.errors import Refusal
from academy.i18n import DEFAULT, MOUNTED
from academy.institutions import operations as institutions
from academy.institutions.models import InstitutionKind
from academy.text import clean_line

people = AppGroup("people", help="Accounts and who keeps order.")
institutions_group = AppGroup("institutions", help="Who teaches.")


@people.command("add")
@click.argument("email")
@click.option("--name", required=True, help="The name shown to others.")
@click.password_option(help="Asked for when it is not given.")
def add_person(email: str, name: str, password: str) -> None:
    """Make an account."""
    email, name = email.strip(), clean_line(name, limit=120)
    if not name:
        raise click.ClickException("The name is empty: --name NAME.")
    problem = rules.problem_with_password(password, email=email, name=name)
    if not rules.is_email(email):
        raise click.ClickException(f"{email} is not an e-mail address.")
    if problem is not None:
        raise click.ClickException(str(problem))
    hashed = accounts.hash_password(password)
    try:
        with unit_of_work():
            accounts.sign_up(email, name=name, password_hash=hashed, language=DEFAULT, now=utcnow())
    except Refusal as refusal:
        raise click.ClickException(str(refusal.sentence)) from refusal
    click.echo(f"{email} has an account now.")


@people.command("steward")
@click.argument("email")
@click.option("--remove", is_flag=True, help="Take the office back.")
def make_steward(email: str, remove: bool) -> None:
    """Let a person keep order in the whole academy."""
    with unit_of_work():
        person = queries.person_by_email(email)
        if person is None:
            raise click.ClickException(
                f"Nobody has the address {email}. Make the account first: flask people add."
            )
        person.steward = Steward.NONE if remove else Steward.ALL
    click.echo(f"{email} is {'no longer ' if remove else ''}a steward.")


@institutions_group.command("add")
@click.argument("slug")
@click.option("--name", required=True, help="Its name, in its own language.")
@click.option("--language", default=DEFAULT, help="The language of the name (BCP 47).")
@click.option(
    "--kind",
    type=click.Choice([kind.value for kind in InstitutionKind]),
    default=InstitutionKind.NETWORK.value,
)
def add_institution(slug: str, name: str, language: str, kind: str) -> None:
    """Add an institution under the address SLUG."""
    name = clean_line(name, limit=300)
    if not name:
        raise click.ClickException("The name is empty: --name NAME.")
    if not re.fullmatch(r"(?=.{1,120}$)[a-z0-9]+(-[a-z0-9]+)*", slug) or slug in MOUNTED:
        raise click.ClickException(
            f"{slug!r} cannot be an address: use a-z, 0-9 and single hyphens."
        )
    try:
        with unit_of_work():
            institutions.add_institution(
                slug, name={language: name}, kind=InstitutionKind(kind), now=utcnow()
            )
    except Refusal as refusal:
        raise click.ClickException(str(refusal.sentence)) from refusal
    click.echo(f"{name} is in the academy as {slug}.")


def add_commands(app: Flask) -> None:
    """Give `flask` the commands of the platform."""
    app.cli.add_command(people)
    app.cli.add_command(institutions_group)
