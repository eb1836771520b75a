"""The address of a source as people type it: one that can be asked, and that gives nothing away."""

from __future__ import annotations

import re
from collections.abc import Collection
from ipaddress import ip_address

from flask_babel import LazyString
from flask_babel import lazy_gettext as _l

from academy.outbound import NotAllowed, Why
from academy.outbound.ranges import may_be_asked
from academy.outbound.targets import Target, target_of
from academy.text import is_web_address
from courses.harvesting.sentences import reason
from courses.sources.addresses import gives_away

LONGEST_ADDRESS = 2_000
WHOLE = _l("Write the whole address, such as https://example.org/courses.")
HOLDS_TOKEN = _l(
    "This address holds a token. Enter it among the credentials, where nobody sees it."
)

_CALENDAR = re.compile(r"webcals?://", re.IGNORECASE)


def as_address(typed: str) -> str:
    """Take an address as it is typed; calendars often have a name of their own for https."""
    return _CALENDAR.sub("https://", typed.strip(), count=1)


def why_not(address: str, intranet: Collection[str]) -> LazyString | str | None:
    """Say why an address is not taken, or nothing; nobody is asked for it.

    `intranet` are the hosts that the operator has named.
    """
    try:
        target = target_of(address, intranet)
    except NotAllowed as refused:
        told = {"host": refused.host or address}
        return WHOLE if refused.code is Why.NOT_AN_ADDRESS else reason(refused.code, told)
    if _is_private(target):
        return reason(Why.PRIVATE, {"host": target.host})
    if len(address) > LONGEST_ADDRESS or not is_web_address(address):
        return WHOLE
    return HOLDS_TOKEN if gives_away(address) else None


def _is_private(target: Target) -> bool:
    """Tell whether the host is a number that must not be asked; names are looked up later."""
    try:
        ip_address(target.host)
    except ValueError:
        return False
    return not may_be_asked(target.host, intranet=target.intranet)
