"""The addresses of interfaces that are asked by arguments: taken apart and put together."""

from __future__ import annotations

from collections.abc import Mapping
from urllib.parse import parse_qsl, quote, urlencode, urljoin, urlsplit


def arguments_of(address: str) -> dict[str, str]:
    """Give the arguments of an address; of one that stands there twice, the last."""
    return dict(parse_qsl(urlsplit(address).query, keep_blank_values=True))


def remarks_of(address: str) -> dict[str, str]:
    """Give what we wrote behind the # of an address: it is never sent, and stays with it."""
    return dict(parse_qsl(urlsplit(address).fragment))


def asking(
    address: str, arguments: Mapping[str, str], *, path: str = "", remarks: Mapping[str, str] = {}
) -> str:
    """Give the address with these arguments in the place of its own, and another path if said."""
    parts = urlsplit(address)
    return parts._replace(
        path=path or parts.path, query=urlencode(arguments), fragment=urlencode(remarks)
    ).geturl()


def path_of(address: str) -> str:
    """Give the path of an address, without a slash at its end."""
    return urlsplit(address).path.rstrip("/")


def beside(address: str, path: str) -> str:
    """Give the address of another path of the same site; empty where no site is named."""
    try:
        parts = urlsplit(address)
    except ValueError:
        return ""
    if not parts.netloc:
        return ""
    return parts._replace(path=quote(path, safe="/:+@"), query="", fragment="").geturl()


def joined(address: str, link: str) -> str:
    """Complete a link by the address of what it stands in; empty for what is no link."""
    try:
        return urljoin(address, link.strip())
    except ValueError:
        return ""
