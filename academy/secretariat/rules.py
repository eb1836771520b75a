"""What is allowed at the stewards' desk, and why something is refused."""

from __future__ import annotations

from flask_babel import lazy_gettext as _l

from academy.accounts.models import Person
from academy.accounts.rules import email_key
from academy.errors import Conflict

GIVE_A_REASON = _l("Please give a reason. It stays in the log, for stewards to read.")


class NotYourself(Conflict):
    """Nobody decides about their own account."""

    code = "not-yourself"
    sentence = _l("Nobody can do this to their own account. Please ask another steward.")


class LastSteward(Conflict):
    """Nobody would keep the academy in order afterwards."""

    code = "last-steward"
    sentence = _l("The academy keeps at least one steward. Make somebody else a steward first.")


class StillASteward(Conflict):
    """A steward's account is not blocked or emptied."""

    code = "still-a-steward"
    sentence = _l("This person is a steward. Take the office back first.")


class SameAccount(Conflict):
    """An account cannot become part of itself."""

    code = "same-account"
    sentence = _l("These are one and the same account.")


class ClosedAccount(Conflict):
    """The account is blocked or erased."""

    code = "closed-account"
    sentence = _l("One of these accounts is blocked or erased. Only open accounts can be merged.")


class UnconfirmedAccount(Conflict):
    """Nobody has shown yet that the address is theirs, and the account goes when nobody does."""

    code = "unconfirmed-account"
    sentence = _l("The address of the account to keep is not confirmed. Nothing can move there.")


class NobodyThere(Conflict):
    """The account was erased."""

    code = "nobody-there"
    sentence = _l("This account was erased. Nothing can be done with it any more.")


def check_may_close(person: Person, by: Person | None) -> None:
    """Refuse to block or empty the account of who asks, or of a steward. `by` None: the operator.

    Raises NobodyThere, NotYourself or StillASteward.
    """
    check_is_there(person)
    if by is not None and by.id == person.id:
        raise NotYourself
    if person.is_steward:
        raise StillASteward


def check_is_there(person: Person) -> None:
    """Refuse to do anything with an erased account.

    Raises NobodyThere.
    """
    if person.erased_at is not None:
        raise NobodyThere


def check_may_merge(old: Person, kept: Person, by: Person | None) -> None:
    """Refuse to merge an account with itself, one that is closed, one's own away, or a steward's.

    Raises SameAccount, ClosedAccount, UnconfirmedAccount, NotYourself or StillASteward.
    """
    if old.id == kept.id or email_key(old.email) == email_key(kept.email):
        raise SameAccount
    if any(one.blocked_at or one.erased_at for one in (old, kept)):
        raise ClosedAccount
    if kept.confirmed_at is None:
        raise UnconfirmedAccount
    check_may_close(old, by)
