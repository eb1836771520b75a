"""What an entry of a feed says: its words, its languages, what it is, and when it is held."""

from __future__ import annotations

import hashlib
import json
import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from academy.text import clean_line, fold_phrase
from courses.catalogue.content import LanguageContent, RunContent, TextContent
from courses.catalogue.models import Kind
from courses.catalogue.texts import LanguageOrigin
from courses.harvesting.draft import LONGEST_ID, Feed, Notes
from courses.harvesting.reading import dates, zones
from courses.harvesting.reading import values as reading
from courses.harvesting.reading.abbreviations import abbreviation_in
from courses.harvesting.reading.languages import language
from courses.vocabularies import licences

MOST_WORDS = 50
LONGEST_PAYLOAD = 100_000
STARTS = frozenset(("startdate", "dtstart", "coursedate", "eventdate", "start"))
ENDS = frozenset(("enddate", "dtend", "courseenddate", "eventenddate", "end"))
_FROM_TO = re.compile(r"\d\s+[-–—]\s+\S")
_TWO_MOMENTS = re.compile(r"\s+[-–—]\s+")
_PEERTUBE = re.compile(r"https?://[^/\s]{1,200}/(?:w|videos/watch)/([0-9A-Za-z-]{22,36})")
_OF_EVENTS = re.compile(r"\b(?:calend|kalend|agenda|termine|seminar)|календарь|日历|ปฏิทิน")
_SEEN_OR_HEARD = ("video", "audio")


@dataclass(frozen=True, slots=True)
class Post:
    """An entry, and what its feed says of itself."""

    entry: Mapping[str, Any]
    about: Mapping[str, Any]
    feed: Feed
    notes: Notes

    def text(self, *names: str) -> str:
        """Give the first of these texts that says anything; other types say nothing."""
        found = (self.entry.get(name) for name in names)
        texts = (reading.said(one) for one in found if isinstance(one, str))
        return next((text for text in texts if text), "")

    def objects(self, name: str) -> list[Mapping[str, Any]]:
        """Give the objects of a list."""
        value = self.entry.get(name)
        values = value if isinstance(value, list) else []
        return [one for one in values[:MOST_WORDS] if isinstance(one, Mapping)]

    @property
    def media(self) -> list[Mapping[str, Any]]:
        """What there is to be seen or heard."""
        enclosed = (one for one in self.objects("links") if one.get("rel") == "enclosure")
        media = [*self.objects("media_content"), *enclosed]
        said = [(one, f"{one.get('medium') or one.get('type') or ''}") for one in media]
        return [one for one, kind in said if kind.startswith(_SEEN_OR_HEARD)]

    @property
    def is_recording(self) -> bool:
        """Whether it is a video or a sound."""
        return bool(self.text("yt_videoid") or self.media)

    @property
    def link(self) -> str:
        """Where it leads."""
        return self.text("link") or next(
            (str(one.get("url") or one.get("href") or "") for one in self.media), ""
        )

    def external_id(self) -> str:
        """Give the id of the video, else that of the entry, its address, or a digest."""
        video, peertube = self.text("yt_videoid"), _PEERTUBE.match(self.link)
        if video:
            return f"yt:video:{video}"
        if peertube and self.media:
            return f"peertube:{peertube[1]}"
        own = self.text("id")
        if own or 0 < len(self.link) <= LONGEST_ID:
            return own or self.link
        self.notes.add("id", "no-own-id")
        parts = "\x1f".join(self.text(name) for name in ("title", "published", "summary"))
        return "sha256:" + hashlib.sha256(parts.encode(errors="replace")).hexdigest()[:32]

    def taught(self) -> list[LanguageContent]:
        """Give the language: of the entry, of its video, of the source, or of the whole feed."""
        detail = self.entry.get("title_detail")
        written = detail.get("language") if isinstance(detail, Mapping) else None
        whole = str(self.about.get("language") or "")
        own = [self.text("language"), *(str(one.get("lang") or "") for one in self.media)]
        said = next((one for one in own if one), "")
        if not said and isinstance(written, str) and language(written) != language(whole):
            said = written
        if said:
            code = language(said)
            if code:
                return [LanguageContent(code)]
            self.notes.add("language", "unknown-language", said)
        given = language(self.feed.defaults.get("language", "")) or language(whole)
        return [LanguageContent(given, origin=LanguageOrigin.SOURCE)] if given else []

    def licence(self) -> str | None:
        """Give the licence that the rights of the entry, or of all of the feed, name.

        Mostly they say who has them, which is no licence.
        """
        links = [str(one.get("href") or "") for one in self.objects("links") if _licenses(one)]
        whole = str(self.about.get("rights") or "")
        told = (*links, self.text("license", "licence", "cc_license"), self.text("rights"), whole)
        named = (licences.named_in(text) for text in told)
        return reading.licence(*named, self.feed.defaults.get("licence", ""))

    def words(self) -> list[str]:
        """Give the words it is filed under."""
        terms = (one.get("label") or one.get("term") for one in self.objects("tags"))
        words = (word for term in terms for word in reading.many(str(term or "")))
        return list(dict.fromkeys(words))[:MOST_WORDS]

    def written(self, code: str) -> TextContent:
        """Give its text: the longer one as the description, the shorter as the summary."""
        contents = (one.get("value") for one in self.objects("content"))
        whole = next((one for one in contents if isinstance(one, str) and one.strip()), "")
        short = _without_signature(self.text("summary"))
        whole = _without_signature(whole) or short
        summary = clean_line(short, limit=reading.LONGEST_SENTENCE) if short != whole else ""
        title = reading.prose(self.text("title", "media_title"))
        return TextContent(code, title, summary or None, reading.prose(whole))

    def held(self) -> tuple[str, str, str]:
        """Give the name of what says when it is held, the start, and the end, as written there."""
        for name, text in self.entry.items():
            bare = name.rpartition("_")[2]
            if bare in STARTS and isinstance(text, str) and text.strip():
                return name, text, next((self.text(one) for one in self.entry if _ends(one)), "")
        published = self.text("published")[: dates.LONGEST_SPAN]
        return ("published", published, "") if _FROM_TO.search(published) else ("", "", "")

    def run(self, start: str, end: str) -> RunContent:
        """Read when it is held. A zone that could be several is asked about, and nothing read."""
        moments = [*_TWO_MOMENTS.split(start[: dates.LONGEST_SPAN], maxsplit=1), end]
        named = next((name for one in moments if (name := abbreviation_in(one))), "")
        zone = zones.answered(self.feed, named) if named else None
        if named and zone is None:
            dates.ask_for_zone(self.notes, named)
            return RunContent(zone=self.feed.zone)
        bare = [one.strip().removesuffix(named).strip() if named else one for one in moments]
        read_by = dates.clock(zone or "", self.feed.zone, self.notes)
        return dates.run_between(bare[0], bare[-1] or "".join(bare[1:-1]), read_by)

    def kind(self, dated_by: str) -> Kind:
        """Tell a webinar, which is what is held, seen or heard, from a course."""
        if self.is_recording or dated_by.startswith(("ev_", "xcal_", "published", "event")):
            return Kind.WEBINAR
        title = str(self.about.get("title") or "")
        said = " ".join((*self.words(), self.feed.defaults.get("kind") or title))
        of_events = not self.feed.defaults.get("kind") and _OF_EVENTS.search(fold_phrase(title))
        return Kind.WEBINAR if of_events and not dated_by else reading.kind(said)

    def payload(self) -> dict[str, Any]:
        """Give the entry as it was read, but for what is longer than anybody will ask for."""
        twice = ("_parsed", "_detail")
        kept = {name: value for name, value in self.entry.items() if not name.endswith(twice)}
        told = json.dumps(kept, ensure_ascii=False, default=str)
        if len(told) <= LONGEST_PAYLOAD:
            return dict(json.loads(told))
        texts = {name: value for name, value in kept.items() if isinstance(value, str)}
        return {name: value[:5_000] for name, value in texts.items()}


def _licenses(link: Mapping[str, Any]) -> bool:
    return link.get("rel") == "license"


def _ends(name: str) -> bool:
    return name.rpartition("_")[2] in ENDS


def _without_signature(text: str) -> str:
    """Leave out what a blog writes below each of its posts."""
    before, signed, rest = text.rpartition("<p>The post <a ")
    return before.strip() if signed and "</a> appeared first on " in rest[:2_000] else text
