"""Refusals: errors that are facts, each with a code, a status and a translated sentence."""

from __future__ import annotations

from collections.abc import Mapping
from typing import ClassVar

from flask_babel import LazyString
from flask_babel import lazy_gettext as _l


class Refusal(Exception):
    """Something asked for that will not be done, and why, in the reader's language."""

    status: ClassVar[int] = 400
    code: str = "refused"
    sentence: LazyString = _l("This cannot be done.")

    def __init__(self, sentence: LazyString | None = None) -> None:
        if sentence is not None:
            self.sentence = sentence
        super().__init__(self.code)


class Invalid(Refusal):
    """What was sent cannot be understood; `fields` says what is wrong where."""

    status = 422
    code = "invalid"
    sentence = _l("Some answers need another look.")

    def __init__(self, fields: Mapping[str, str | LazyString] | None = None) -> None:
        super().__init__()
        self.fields = dict(fields or {})


class Forbidden(Refusal):
    """The person may not do this."""

    status = 403
    code = "forbidden"
    sentence = _l("Your account may not do this.")


class Missing(Refusal):
    """There is nothing at this address."""

    status = 404
    code = "missing"
    sentence = _l("The page may have moved, or the address has a slip.")


class Conflict(Refusal):
    """It could have been done, but not as things stand now."""

    status = 409
    code = "conflict"
    sentence = _l("Something changed in the meantime. Please look again.")


class Away(Refusal):
    """Something the academy depends on does not answer at the moment."""

    status = 503
    code = "away"
    sentence = _l("This part of the academy does not answer at the moment. Please try again soon.")
