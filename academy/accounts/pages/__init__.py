"""Pages of accounts: sign up, sign in by password, link or code, and what belongs to an account."""

from __future__ import annotations

from academy.accounts.pages import (
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

VIEWS = (addresses, links, passwords, proving, sessions, signing_in, signing_up, tokens)
"""Importing a module puts its views on the blueprint."""
