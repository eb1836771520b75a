"""What is allowed in accounts: which addresses, names and passwords."""

from __future__ import annotations

import re

from flask_babel import LazyString
from flask_babel import lazy_gettext as _l

from academy.errors import Refusal
from academy.text import clean_line, fold_phrase

SHORTEST_PASSWORD, LONGEST_PASSWORD = 8, 128
LONGEST_EMAIL = 254
"""Characters: what the mail protocol carries, and what the column holds."""

_EMAIL = re.compile(r"[^@\s<>\"(),;:\\\[\]]{1,64}@[^@\s]{1,180}\.[^@\s.]{2,}")
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


def email_key(address: str) -> str:
    """Give the form in which addresses are compared: without case."""
    return address.strip().lower()


def is_email(address: str) -> bool:
    """Tell whether this could be an e-mail address; only a mail can prove it."""
    fits = len(address) <= LONGEST_EMAIL and address == clean_line(address)
    return fits and _EMAIL.fullmatch(address) is not None


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
