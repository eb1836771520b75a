"""Strong keys: what names one thing wherever it is told of."""

from __future__ import annotations

import hashlib
import re
from collections.abc import Iterator
from urllib.parse import parse_qs, unquote, urlsplit

from courses.duplicates.addresses import address_key
from courses.duplicates.models import KeySort

Found = tuple[KeySort, str]
CALENDAR = "ical"
"""The adapter whose ids are those of events."""

_COURSE = re.compile(r"\bcourse-v1:([^+/\s?#&]{1,100})\+([^+/\s?#&]{1,100})\+[^+/\s?#&]")
_EVERYBODYS_COURSE = "edx+demox"
"""Stands in every Open edX as it is delivered."""

_EVENT_AT_HOST = re.compile(r"(?P<own>[^\s@]{6,200})@(?P<host>[\w-]+(?:\.[\w-]+)+)")
_UUID = re.compile(r"[0-9a-f]{8}-(?:[0-9a-f]{4}-){3}[0-9a-f]{12}", re.IGNORECASE)
_YOUTUBE = re.compile(r"[\w-]{11}")
_YOUTUBE_HOSTS = ("youtube.com", "youtube-nocookie.com")
_YOUTUBE_PATH = re.compile(r"/(?:embed|shorts|live|v)/([\w-]{11})(?:/|$)")
_VIMEO_PATH = re.compile(r"/(?:video/|channels/[^/]+/|groups/[^/]+/videos/)?(\d{5,12})(?:/|$)")
_PEERTUBE_LONG = re.compile(r"/(?:videos/(?:watch|embed)|w)/([0-9a-fA-F-]{36})(?:/|$)")
_PEERTUBE_SHORT = re.compile(r"/w/([1-9A-HJ-NP-Za-km-z]{22})(?:/|$)")
_SHORT_DIGITS = "123456789abcdefghijkmnopqrstuvwxyzABCDEFGHJKLMNPQRSTUVWXYZ"
_DOI = re.compile(r"(?<![\w.])(10\.\d{4,9}/[^\s\"<>?#&]+)")
_HANDLE = re.compile(r"(?:hdl:|hdl\.handle\.net/|/handle/)([\d.]+/[^\s\"<>?#&/]+)", re.IGNORECASE)
_HANDLE_OF_NOBODY = "123456789/"
"""The prefix of repositories that never asked for one of their own."""


def strong_keys(address: str, told_ids: list[tuple[str, str]]) -> set[Found]:
    """Give the keys of an offer: of its address, and of its ids, each with its adapter's name."""
    found = set(_of_address(address))
    for adapter, told in told_ids:
        found.update(_of_words(told))
        if told.startswith(("http://", "https://")):
            found.update(key for key in _of_address(told) if key[0] is not KeySort.ADDRESS)
        if adapter == CALENDAR and (uid := _event(told)):
            found.add((KeySort.EVENT, uid))
        video = told.removeprefix("yt:video:")
        if video != told and _YOUTUBE.fullmatch(video):
            found.add((KeySort.VIDEO, f"youtube:{video}"))
        elif told.startswith("peertube:") and _UUID.fullmatch(told.removeprefix("peertube:")):
            found.add((KeySort.VIDEO, told.casefold()))
    return found


def digest(sort: KeySort, value: str) -> str:
    """Give a key as it is stored."""
    return hashlib.sha256(f"{sort.value}:{value}".encode()).hexdigest()


def _of_address(address: str) -> Iterator[Found]:
    key = address_key(address)
    if not key:
        return
    yield KeySort.ADDRESS, key
    yield from _of_words(unquote(address))
    if video := _video(address):
        yield KeySort.VIDEO, video


def _of_words(words: str) -> Iterator[Found]:
    for organisation, code in _COURSE.findall(words):
        course = f"{organisation}+{code}".casefold()
        if course != _EVERYBODYS_COURSE:
            yield KeySort.COURSE, course
    for doi in _DOI.findall(words):
        yield KeySort.DOI, doi.rstrip(".,;:)]}/").casefold()
    for handle in _HANDLE.findall(words):
        if not handle.startswith(_HANDLE_OF_NOBODY):
            yield KeySort.DOI, f"hdl:{handle.rstrip('.,;:)')}".casefold()


def _event(uid: str) -> str:
    """Give a UID that nobody else makes: with a domain behind it, or of random digits."""
    if unique := _UUID.search(uid):
        return unique[0].lower()
    at_host = _EVENT_AT_HOST.fullmatch(uid.strip())
    if at_host is None or at_host["host"].rsplit(".", 1)[-1].isdigit():
        return ""
    return f"{at_host['own']}@{at_host['host'].lower()}"


def _video(address: str) -> str:
    parts = urlsplit(address.strip())
    host, path = (parts.hostname or "").removeprefix("www.").removeprefix("m."), parts.path
    if host in _YOUTUBE_HOSTS or host == "youtu.be":
        return _youtube(path.strip("/") if host == "youtu.be" else "", path, parts.query)
    if host in ("vimeo.com", "player.vimeo.com"):
        vimeo = _VIMEO_PATH.match(path)
        return f"vimeo:{vimeo[1]}" if vimeo else ""
    if long := _PEERTUBE_LONG.search(path):
        return f"peertube:{long[1].lower()}"
    short = _PEERTUBE_SHORT.search(path)
    return f"peertube:{_long(short[1])}" if short else ""


def _youtube(short: str, path: str, query: str) -> str:
    """Name a video, or where none is named the list of videos."""
    asked, within = parse_qs(query, max_num_fields=50), _YOUTUBE_PATH.match(path)
    found = short or (within[1] if within else asked.get("v", [""])[0])
    if _YOUTUBE.fullmatch(found):
        return f"youtube:{found}"
    series = asked.get("list", [""])[0]
    return f"youtube-list:{series}" if re.fullmatch(r"[\w-]{12,64}", series) else ""


def _long(short: str) -> str:
    """Write a short PeerTube id as the UUID it stands for."""
    number = 0
    for digit in short:
        number = number * len(_SHORT_DIGITS) + _SHORT_DIGITS.index(digit)
    written = f"{number:032x}"[-32:]
    return "-".join((written[:8], written[8:12], written[12:16], written[16:20], written[20:]))
