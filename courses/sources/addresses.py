"""Addresses of sources are shown: an argument that gives away what is secret must not be."""

from __future__ import annotations

import re
from urllib.parse import unquote_plus

GIVES_AWAY = frozenset(
    (
        *("key", "appkey", "authkey", "feedkey", "privatekey", "sesskey", "subscriptionkey"),
        *("auth", "authorization", "jwt", "pass", "passphrase", "pwd", "sig"),
        *("credential", "credentials", "xamzcredential", "xgoogcredential"),
    )
)
"""The arguments that are secret, whatever the server: in small letters, without signs."""

ENDINGS = ("token", "secret", "password", "passwd", "signature", "apikey", "accesskey")
"""How the names of others end that are."""

HARMLESS = frozenset(("resumptiontoken", "pagetoken", "nexttoken", "continuationtoken"))
"""But for these, which say where a list goes on."""

HIDDEN = "***"

_ARGUMENT = re.compile(r"([?&;#])([^=?&;#]+)=([^&;#]+)")
_SIGNS = re.compile(r"[\W_]+")


def gives_away(address: str) -> bool:
    """Tell whether the address has an argument that is secret."""
    return any(_is_secret(one[2]) for one in _ARGUMENT.finditer(address))


def shown_address(address: str) -> str:
    """Give the address as anybody may see it: of a secret argument only the name."""
    return _ARGUMENT.sub(_shown, address)


def _shown(argument: re.Match[str]) -> str:
    mark, name, _value = argument.groups()
    return f"{mark}{name}={HIDDEN}" if _is_secret(name) else argument[0]


def _is_secret(name: str) -> bool:
    plain = _SIGNS.sub("", unquote_plus(name).lower())
    return plain in GIVES_AWAY or (plain.endswith(ENDINGS) and plain not in HARMLESS)
