"""Commands of the platform: flask people, flask institutions."""

from __future__ import annotations

import re
from collections.abc import Iterator
from contextlib import contextmanager

import click
from flask import Flask
from flask.cli import AppGroup

from academy.accounts import operations as accounts
from academy.accounts import queries, rules
from academy.accounts.models import Person, Steward
from academy.db import unit_of_work, utcnow
from academy.errors import Refusal
from academy.i18n import DEFAULT, MOUNTED, text_in
from academy.institutions import operations as institutions
from academy.institutions.models import InstitutionKind
from academy.institutions.queries import (
    institution_by_slug,
    institutions_named,
    is_institution,
)
from academy.secretariat import operations as secretariat
from academy.secretariat.plugged import consequences
from academy.secretariat.queries import people_found as found_people
from academy.text import clean_line
from academy.web.pages import site

MOST_LISTED = 1_000
"""How many people are listed at most: more is a question for the stewards' desk."""

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
@click.option("--section", default=None, help="Of this section only, by its code.")
@click.option("--remove", is_flag=True, help="Take the office back.")
def make_steward(email: str, section: str | None, remove: bool) -> None:
    """Let a person keep order in the whole academy, or in a section of it."""
    _check_section(section)
    office = Steward.NONE if remove else Steward.SECTION if section else Steward.ALL
    with _refusals_told(), unit_of_work():
        person = _person(email)
        secretariat.give_office(person, office, section=section, by=None, now=utcnow())
    if remove:
        click.echo(f"{email} is no longer a steward.")
    else:
        click.echo(f"{email} is a steward{f' of the section {section}' if section else ''}.")


@people.command("list")
@click.argument("words", nargs=-1)
@click.option("--stewards", is_flag=True, help="Only those who keep order.")
def list_people(words: tuple[str, ...], stewards: bool) -> None:
    """List people, latest first: those with all WORDS in their name or address."""
    for person in found_people(" ".join(words), stewards=stewards, limit=MOST_LISTED):
        click.echo(_told(person))


@people.command("block")
@click.argument("email")
@click.option("--reason", required=True, help="It stays in the log.")
def block_person(email: str, reason: str) -> None:
    """Close an account at once: its sessions, tokens and waiting mails end."""
    follows = consequences()
    reason = clean_line(reason)
    with _refusals_told(), unit_of_work():
        person = _person(email)
        secretariat.block(person, reason=reason, by=None, follows=follows, now=utcnow())
    click.echo(f"{email} is blocked.")


@people.command("unblock")
@click.argument("email")
def unblock_person(email: str) -> None:
    """Open a blocked account again."""
    with _refusals_told(), unit_of_work():
        secretariat.unblock(_person(email), by=None, now=utcnow())
    click.echo(f"{email} can sign in again.")


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


@institutions_group.command("list")
@click.argument("words", nargs=-1)
def list_institutions(words: tuple[str, ...]) -> None:
    """List institutions by address: those with all WORDS in their name, city or address."""
    for one in institutions_named(" ".join(words), among=()):
        name = text_in(one.name, DEFAULT).text
        click.echo(f"{one.slug:<32} {one.agreement.value:<10} {one.section or '-':<16} {name}")


@institutions_group.command("retire")
@click.argument("slug")
@click.option("--reason", required=True, help="It stays in the log.")
def retire_institution(slug: str, reason: str) -> None:
    """End the part of the institution SLUG in the academy: nobody can enter its desk any more."""
    with _refusals_told(), unit_of_work():
        if not is_institution(slug):
            raise click.ClickException(f"No institution has the address {slug}.")
        found = institution_by_slug(slug)
        institutions.retire(found, reason=clean_line(reason), by=None, now=utcnow())
    click.echo(f"{slug} is retired.")


@contextmanager
def _refusals_told() -> Iterator[None]:
    """Tell a refusal as a command does."""
    try:
        yield
    except Refusal as refusal:
        raise click.ClickException(str(refusal.sentence)) from refusal


def _person(email: str) -> Person:
    person = queries.person_by_email(email)
    if person is None:
        raise click.ClickException(
            f"Nobody has the address {email}. Make the account first: flask people add."
        )
    return person


def _check_section(code: str | None) -> None:
    known = [one for one, _name in site().sections()]
    if code is not None and known and code not in known:
        raise click.ClickException(f"There is no section {code!r}, only: {', '.join(known)}.")


def _told(person: Person) -> str:
    office = {Steward.ALL: "steward", Steward.SECTION: f"steward of {person.section}"}
    marks = [office.get(person.steward), "blocked" if person.blocked_at else None]
    told = ", ".join(mark for mark in marks if mark)
    return f"{person.email:<40} {person.name}{f' ({told})' if told else ''}"


class _Migrating(click.Group):
    """Flask-Migrate's commands, loaded by who asks for one: the web server has them listed too."""

    def list_commands(self, ctx: click.Context) -> list[str]:
        """Name them all."""
        from flask_migrate.cli import db as theirs  # noqa: PLC0415

        found: list[str] = theirs.list_commands(ctx)
        return found

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:
        """Give one of them."""
        from flask_migrate.cli import db as theirs  # noqa: PLC0415

        found: click.Command | None = theirs.get_command(ctx, cmd_name)
        return found


def add_commands(app: Flask) -> None:
    """Give `flask` the commands of the platform."""
    app.cli.add_command(_Migrating("db", help="Perform database migrations."))
    app.cli.add_command(people)
    app.cli.add_command(institutions_group)
