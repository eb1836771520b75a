"""Secret arguments of addresses: put in for the host they belong to, and taken out for others."""

from __future__ import annotations

from collections.abc import Mapping
from urllib.parse import parse_qsl, quote, urlencode


def with_arguments(path: str, arguments: Mapping[str, str]) -> str:
    """Add arguments to a path or address; those that it says itself stay as it says them."""
    said = {name for name, _value in parse_qsl(path.partition("?")[2], keep_blank_values=True)}
    added = {name: value for name, value in arguments.items() if name not in said}
    if not added:
        return path
    mark = "" if path.endswith(("?", "&")) else "&" if "?" in path else "?"
    return f"{path}{mark}{urlencode(added, quote_via=quote)}"


def without_arguments(path: str, arguments: Mapping[str, str]) -> str:
    """Take arguments with these very values out of a path or address, whoever wrote them there."""
    before, _mark, rest = path.partition("?")
    query, hash_, fragment = rest.partition("#")
    parts = query.split("&")
    kept = [one for one in parts if not _is_among(one, arguments)]
    if len(kept) == len(parts):
        return path
    return before + ("?" if kept else "") + "&".join(kept) + hash_ + fragment


def _is_among(argument: str, arguments: Mapping[str, str]) -> bool:
    return any(pair in arguments.items() for pair in parse_qsl(argument, max_num_fields=1))
