"""Addresses as they are compared: one page is one key, however its address is written."""

from __future__ import annotations

import posixpath
import re
from urllib.parse import SplitResult, quote, unquote_to_bytes, urlsplit

LONGEST = 2_000
_TRACKING = re.compile(
    r"(?:utm_|mtm_|matomo_|pk_|piwik_|hsa_|_hs).*"
    r"|fbclid|gclid|gclsrc|dclid|gbraid|wbraid|msclkid|yclid|twclid|ttclid|li_fat_id|igshid|igsh"
    r"|mc_[ce]id|mkt_tok|oly_(?:anon|enc)_id|vero_(?:id|conv)|wt_mc|xtor|at_medium|at_campaign"
    r"|_ga|_gl|phpsessid|jsessionid",
    re.IGNORECASE,
)
"""Parameters that tell how somebody came, and not where they go."""

_SESSION = re.compile(r";jsessionid=[^/]*", re.IGNORECASE)
_PLAIN_IN_PATHS, _PLAIN_IN_QUERIES = "/:+@!$&'()*,;=~", "/:+@!$'()*,;~?"
_USUAL_PORTS = {"http": 80, "https": 443}


def address_key(address: str) -> str:
    """Give what addresses of one page have in common; empty for what is no web address.

    Not told apart: http and https, the case of the host, the usual port, dots in the path, a slash
    at its end, the order of the query, how characters are escaped. Left out: tracking, and the
    fragment unless a page is chosen by it.
    """
    parts = _split(address)
    if parts is None:
        return ""
    host = _host(parts)
    if not host:
        return ""
    query, chosen = _query(parts.query), parts.fragment.startswith(("/", "!"))
    fragment = parts.fragment.rstrip("/") if chosen else ""
    ending = (f"?{query}" if query else "") + (f"#{fragment}" if fragment not in ("", "!") else "")
    return f"{host}{_path(parts.path)}{ending}"


def is_deep(key: str) -> bool:
    """Tell whether the key is of a page within a site, rather than of the site."""
    return any(mark in key for mark in "/?#")


def _split(address: str) -> SplitResult | None:
    try:
        parts = urlsplit(address.strip()[:LONGEST])
    except ValueError:
        return None
    return parts if parts.scheme.lower() in _USUAL_PORTS else None


def _host(parts: SplitResult) -> str:
    try:
        host, port = (parts.hostname or "").rstrip("."), parts.port
    except ValueError:
        return ""
    try:
        host = host.encode("idna").decode()
    except UnicodeError:
        host = host.lower()
    usual = port is None or port == _USUAL_PORTS[parts.scheme.lower()]
    return host if usual or not host else f"{host}:{port}"


def _path(path: str) -> str:
    plain = _plain(_SESSION.sub("", path), _PLAIN_IN_PATHS)
    resolved = posixpath.normpath(f"/{plain}") if plain else "/"
    return "" if resolved in ("/", "//") else "/" + resolved.strip("/")


def _query(query: str) -> str:
    """Sort what is asked; a plus sign is a space here, and a course key is written with one."""
    asked = (part for part in query.split("&") if part)
    named = (part for part in asked if not _TRACKING.fullmatch(part.partition("=")[0]))
    return "&".join(sorted(_pair(part) for part in named))


def _pair(part: str) -> str:
    name, equals, value = part.partition("=")
    told = _plain(name, _PLAIN_IN_QUERIES) + equals + _plain(value, _PLAIN_IN_QUERIES)
    return told.replace("%20", "+")


def _plain(escaped: str, plain: str) -> str:
    """Write each character in one way: escaped only where it must be."""
    kept = re.split(r"(%2[5fF3]|%3[fF])", escaped)
    return "".join(
        piece.upper() if place % 2 else quote(unquote_to_bytes(piece), safe=plain)
        for place, piece in enumerate(kept)
    )
