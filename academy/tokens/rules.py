"""What is allowed with tokens: for how long, for what, and why one does not open."""

from __future__ import annotations

from datetime import timedelta

from flask_babel import lazy_gettext as _l

from academy.errors import Refusal
from academy.tokens.models import Purpose

LASTS = {
    Purpose.CONFIRM: timedelta(days=7),
    Purpose.SIGN_IN: timedelta(minutes=30),
    Purpose.RESET: timedelta(hours=2),
    Purpose.OLD_ADDRESS: timedelta(days=2),
    Purpose.NEW_ADDRESS: timedelta(days=2),
    Purpose.WITHDRAW: timedelta(days=120),
    Purpose.REVIEW: timedelta(days=120),
    Purpose.EXPORT: timedelta(days=7),
}
OPENS_AN_ACCOUNT = (
    Purpose.CONFIRM,
    Purpose.SIGN_IN,
    Purpose.RESET,
    Purpose.OLD_ADDRESS,
    Purpose.NEW_ADDRESS,
    Purpose.EXPORT,
)
"""What is worth nothing any more once a password was reset, or an account was shut."""

KEYS_LAST = timedelta(days=7)
"""For how long the same request or form, sent again, is known to have been answered."""

MOST_TRIES = 5
"""How often a wrong code may be typed before the token is worth nothing."""

MOST_TRIES_A_DAY = 20
"""How often wrong codes are held against one account in a day; after that links alone open.

A wrong code counts for each mail whose code it could have been.
"""

SCOPES = ("enrolments", "reviews", "publishing")
"""What an API token may be good for: taking part, saying how it was, an institution's offers."""


class TokenUnknown(Refusal):
    """Nobody was given this token, or it was for something else."""

    status = 404
    code = "token-unknown"
    sentence = _l("This link is not complete, or is not one of ours. Please ask for a new one.")


class TokenUsed(Refusal):
    """The token has done its work."""

    status = 410
    code = "token-used"
    sentence = _l("This link was used already. Nothing was done twice.")


class TokenExpired(Refusal):
    """The token's time is over."""

    status = 410
    code = "token-expired"
    sentence = _l("This link is too old. Please ask for a new one.")


class WrongCode(Refusal):
    """The code is wrong, or was tried too often."""

    status = 422
    code = "wrong-code"
    sentence = _l(
        "This code is not right, or no longer good."
        " Follow the link in the mail, or ask for a new one."
    )
