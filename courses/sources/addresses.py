"""Addresses of sources are shown: an argument that gives away what is secret must not be."""

from __future__ import annotations

from urllib.parse import unquote_plus, urlsplit

GIVES_AWAY = frozenset(
    (
        *("token", "access_token", "wstoken", "api_key", "apikey", "key"),
        *("secret", "password", "sig", "signature"),
    )
)
"""The arguments that are secret, whatever the server."""

HIDDEN = "***"


def gives_away(address: str) -> bool:
    """Tell whether the address has an argument that is secret."""
    return any(_is_secret(one) for one in urlsplit(address).query.split("&"))


def shown_address(address: str) -> str:
    """Give the address as anybody may see it: of a secret argument only the name."""
    if not gives_away(address):
        return address
    parts = urlsplit(address)
    shown = (
        f"{one.partition('=')[0]}={HIDDEN}" if _is_secret(one) else one
        for one in parts.query.split("&")
    )
    return parts._replace(query="&".join(shown)).geturl()


def _is_secret(argument: str) -> bool:
    name, _equals, value = argument.partition("=")
    return bool(value) and unquote_plus(name).strip().lower() in GIVES_AWAY
