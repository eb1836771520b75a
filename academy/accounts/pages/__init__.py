"""Pages of accounts: sign up, sign in by password, link or code, and what an account holds."""

from __future__ import annotations

from academy.accounts import mails
from academy.accounts.pages import (
    about,
    addresses,
    links,
    passwords,
    proving,
    sessions,
    signing_in,
    signing_up,
    tokens,
)
from academy.accounts.pages.blueprint import bp as bp

VIEWS = (about, addresses, links, passwords, proving, sessions, signing_in, signing_up, tokens)
"""Importing a module puts its views on the blueprint."""

MAILS = (mails,)
"""Importing this registers the mails of accounts."""
