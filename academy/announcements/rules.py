"""What is allowed in announcements."""

from __future__ import annotations

from datetime import datetime, timedelta

from flask_babel import lazy_gettext as _l

from academy.errors import Invalid
from academy.i18n import PUBLISHED, Texts

LONGEST = 400
"""Characters: two lines above a page, not a page."""

AT_MOST_FOR = timedelta(days=366)

NO_WORDS = _l("Write it in English at least: who reads another language sees that otherwise.")
ENDS_TOO_EARLY = _l("It has to end after it begins.")
ENDS_TOO_LATE = _l("An announcement is shown for a year at most.")


def check_may_announce(texts: Texts, starts_at: datetime, ends_at: datetime | None) -> None:
    """Refuse what nobody could read, or see.

    Raises Invalid naming the field.
    """
    if not texts.get(PUBLISHED[0]):
        raise Invalid({f"text_{PUBLISHED[0]}": NO_WORDS})
    if ends_at is None:
        return
    if ends_at <= starts_at:
        raise Invalid({"ends": ENDS_TOO_EARLY})
    if ends_at - starts_at > AT_MOST_FOR:
        raise Invalid({"ends": ENDS_TOO_LATE})
