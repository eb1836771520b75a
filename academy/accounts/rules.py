"""What is allowed in accounts: which addresses, names and passwords."""

from __future__ import annotations

import re
from collections.abc import Sequence
from datetime import datetime, timedelta
from functools import cache
from importlib.resources import files

from flask_babel import LazyString
from flask_babel import lazy_gettext as _l

from academy.accounts.models import Person
from academy.errors import Refusal
from academy.text import clean_line, fold_phrase

SHORTEST_PASSWORD, LONGEST_PASSWORD = 8, 128
LONGEST_EMAIL = 254
"""Characters: what the mail protocol carries, and what the column holds."""

PROOF_LASTS = timedelta(minutes=10)
"""For how long after showing who they are people may change what matters."""

UNCONFIRMED_LASTS = timedelta(days=7)
"""For how long an account waits for its address to be confirmed; then it is removed."""

SEEN_EVERY = timedelta(minutes=5)
"""How exactly it is kept when a session or an API token was last used."""

MAIL_PAUSE, MOST_MAILS_AN_HOUR = timedelta(seconds=60), 5
"""How soon, and how often, somebody may have the same sort of mail sent to one account."""

_NEVER = r"@\s<>\"(),;:\\\[\]"
"""What would make two addresses of one, or the address of somebody else."""
_EMAIL = re.compile(rf"[^{_NEVER}]{{1,64}}@[^{_NEVER}]{{1,180}}\.[^{_NEVER}.]{{2,}}")
# fmt: off
GUESSED_FIRST = frozenset((
    "12345678", "123456789", "1234567890", "password", "password1", "qwertyui", "qwerty123",
    "11111111", "00000000", "iloveyou", "sunshine", "princess", "football", "baseball",
    "superman", "trustno1", "welcome1", "letmein1", "admin123", "abcd1234", "87654321",
    "urbanacademy", "urban academy", "academy123",
))
# fmt: on


class WrongCredentials(Refusal):
    """The address or the password is wrong; which of them is never said."""

    status = 422
    code = "wrong-credentials"
    sentence = _l("The e-mail address or the password is not right.")


class AddressTaken(Refusal):
    """There is an account with this address already."""

    status = 422
    code = "address-taken"
    sentence = _l("This address cannot be used for a new account. If it is yours, sign in.")


WRONG_PASSWORD = _l("This is not your password.")
SAME_ADDRESS = _l("This is the address that your account has.")
NOT_FOR_LONG = _l("Please use an address that you will still read next month.")
TAKEN_MEANWHILE = _l(
    "Somebody has made an account with this address in the meantime. Yours keeps its old address."
)


def is_shut(person: Person) -> bool:
    """Tell whether an account is closed to its person: blocked or erased."""
    return person.blocked_at is not None or person.erased_at is not None


def may_come_in(person: Person) -> bool:
    """Tell whether the doors are open to somebody: confirmed, neither blocked nor erased."""
    return person.confirmed_at is not None and not is_shut(person)


def may_mail_again(made: Sequence[datetime], now: datetime) -> bool:
    """Tell whether one more mail of a kind may be made, from when those of the last hour were."""
    return len(made) < MOST_MAILS_AN_HOUR and all(at <= now - MAIL_PAUSE for at in made)


def email_key(address: str) -> str:
    """Give the form in which addresses are compared: without case."""
    return address.strip().lower()


def is_email(address: str) -> bool:
    """Tell whether this could be an e-mail address; only a mail can prove it."""
    fits = len(address) <= LONGEST_EMAIL and address == clean_line(address)
    return fits and _EMAIL.fullmatch(address) is not None


@cache
def _short_lived() -> frozenset[str]:
    """Read the names of services that lend addresses for an hour."""
    listed = files("academy.accounts").joinpath("data/short_lived.txt").read_text("ascii")
    return frozenset(line for line in listed.splitlines() if line and not line.startswith("#"))


def lasts(address: str) -> bool:
    """Tell whether an address is one that its person will still read next month."""
    labels = email_key(address).rpartition("@")[2].split(".")
    return _short_lived().isdisjoint(".".join(labels[start:]) for start in range(len(labels)))


def problem_with_password(password: str, *, email: str, name: str) -> LazyString | None:
    """Say what is wrong with a new password, or None. Length counts; composition does not."""
    if len(password) < SHORTEST_PASSWORD:
        return _l("Choose a password of 8 characters or more. Three or four words are good.")
    if len(password) > LONGEST_PASSWORD:
        return _l("This password is longer than 128 characters.")
    plain = fold_phrase(password)
    if plain in GUESSED_FIRST or plain in {fold_phrase(email), fold_phrase(name)}:
        return _l("This password is among the first that somebody would guess.")
    return None
