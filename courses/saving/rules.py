"""What is allowed in saving: how much, and which searches."""

from __future__ import annotations

from flask_babel import lazy_gettext as _l

from academy.errors import Conflict, Refusal

MOST_SEARCHES = 100
MOST_OFFERS = 1_000
LONGEST_QUERY, LONGEST_NAME = 1_000, 200
"""Characters: what the columns hold."""


class TooMuchSaved(Conflict):
    """The person has saved as much as one can."""

    code = "too-much-saved"
    sentence = _l("You have saved a great deal. Remove something that you no longer need first.")


class NothingAsked(Refusal):
    """A search that asks nothing, or more than can be kept."""

    status = 422
    code = "nothing-asked"
    sentence = _l("Choose a filter or give words first: this search cannot be saved as it is.")
