"""How a page is asked for: as its adapter wants it, secrets to its host only."""

from __future__ import annotations

from typing import TYPE_CHECKING
from urllib.parse import urlencode, urlsplit

from academy.outbound import Request, without_arguments

if TYPE_CHECKING:
    from courses.harvesting.harvests.asked import Asked
    from courses.harvesting.harvests.fetching import Page


def request_for(asked: Asked, page: Page) -> Request:
    """Write the request for a page; secrets go to the host of the source only."""
    by, ours = asked.by, is_of(page.address, asked.address)
    told = without_arguments(page.address.partition("#")[0], asked.arguments)
    known = None if by.gathers else page.known
    if by.by_post and ours:
        address, _mark, arguments = told.partition("?")
        return Request(
            address,
            "POST",
            {"Accept": by.accept, "Content-Type": "application/x-www-form-urlencoded"},
            f"{arguments}&{urlencode(asked.arguments)}".strip("&").encode(),
        )
    return Request(
        told,
        headers={"Accept": by.accept},
        credentials=asked.credentials if ours else "",
        arguments=asked.arguments if ours else {},
        etag=known.etag if known else "",
        last_modified=known.last_modified if known else "",
    )


def is_of(address: str, other: str) -> bool:
    """Tell whether two addresses are of one host, the first not less safe than the second."""
    one, two = urlsplit(address), urlsplit(other)
    as_safe = one.scheme == "https" or two.scheme == "http"
    return as_safe and (one.hostname, one.port) == (two.hostname, two.port)
