"""What becomes of the entries of RSS and Atom feeds, those of video platforms included."""

from __future__ import annotations

import pytest

from courses.catalogue.models import Delivery, Kind, Pace
from courses.catalogue.texts import LanguageOrigin
from courses.harvesting.adapters import feed as adapter
from courses.harvesting.draft import Draft, Feed, Finding, Gone, Weight
from tests.harvesting.feeds_written import CHANNEL, HERE, at, atom, codes, item, only, read, rss


def test_a_good_entry_is_an_offer_with_what_it_says() -> None:
    more = "<category>Water</category><category>Cities</category>"
    draft = only(rss(item(more=more)))
    assert (draft.external_id, draft.line, draft.kind) == ("water-1", 3, Kind.COURSE)
    assert draft.address == "https://school.example/water"
    [text] = draft.texts
    assert (text.language, text.title, text.description) == (
        *("en", "About water", "All a city needs to know."),
    )
    assert [(one.code, one.origin) for one in draft.languages] == [("en", LanguageOrigin.SOURCE)]
    assert draft.words == ["Water", "Cities"]
    assert (draft.runs[0].starts_at, draft.findings) == (None, [])


def test_each_entry_has_its_line_and_a_bad_one_costs_itself_alone() -> None:
    found = read(rss(item("water"), "<item><title>No end</title>\n", item("waste")))
    assert [(type(one).__name__, one.line) for one in found] == [
        *(("Draft", 3), ("Finding", 4), ("Draft", 5)),
    ]
    assert isinstance(found[1], Finding)
    assert (found[1].code, found[1].weight) == ("unreadable-entry", Weight.REJECTED)


@pytest.mark.parametrize(
    ("told", "title"),
    [
        ("Water & waste", "Water & waste"),
        ("Water&nbsp;works &eacute;t&#233;", "Water works été".replace(" ", "\u00a0", 1)),
        ("Water\x0b works", "Water  works"),
        ("Water &amp; <![CDATA[waste & heat]]>", "Water & waste & heat"),
    ],
)
def test_what_is_nearly_xml_is_mended(told: str, title: str) -> None:
    draft = only(rss(item().replace("About water", told)))
    assert draft.texts[0].title.replace("  ", " ") == title.replace("  ", " ")


def test_a_prefix_that_nobody_declared_is_no_reason_to_refuse() -> None:
    assert only(rss(item(more="<geo:lat>1</geo:lat>"))).external_id == "water-1"


@pytest.mark.parametrize("encoding", ["utf-8", "utf-16", "windows-1252", "gb18030"])
def test_any_usual_encoding_is_read(encoding: str) -> None:
    title = "城市水务课程介绍" if encoding == "gb18030" else "Déchets et eau"
    text = rss(item().replace("About water", title)).decode()
    text = text.replace('<?xml version="1.0"?>', f'<?xml version="1.0" encoding="{encoding}"?>')
    assert only(text.encode(encoding)).texts[0].title == title


def test_an_encoding_wrongly_declared_does_not_spoil_letters() -> None:
    text = rss(item().replace("About water", "Déchets")).decode()
    text = text.replace('<?xml version="1.0"?>', '<?xml version="1.0" encoding="iso-8859-1"?>')
    assert only(text.encode()).texts[0].title == "Déchets"


def test_two_moments_in_the_publication_date_say_when_it_is_held() -> None:
    more = "<pubDate>Tue, 03 Mar 2026 15:00:00 +0200 - Tue, 03 Mar 2026 17:30:00 +0200</pubDate>"
    draft = only(rss(item(more=more)), zone="Africa/Cairo")
    [run] = draft.runs
    assert (run.starts_at, run.ends_at) == (at(2026, 3, 3, 13), at(2026, 3, 3, 15, 30))
    assert (draft.kind, run.zone, codes(draft)) == (Kind.WEBINAR, "Africa/Cairo", [])


def test_one_publication_date_says_nothing_of_when_it_is_held() -> None:
    more = "<pubDate>Tue, 03 Mar 2026 15:00:00 +0200</pubDate>"
    channel = CHANNEL.replace("River School", "Webinars of the River School")
    draft = only(rss(item(more=more), channel=channel))
    assert (draft.kind, draft.runs[0].starts_at, codes(draft)) == (
        *(Kind.WEBINAR, None, ["start:no-date"]),
    )


def test_dates_of_events_are_read_in_the_zone_of_the_source() -> None:
    start = "<ev:startdate>2026-03-03T10:00:00</ev:startdate>"
    more = f"{start}<ev:enddate>2026-03-03T12:00:00</ev:enddate>"
    draft = only(rss(item(more=more)), zone="Asia/Bangkok")
    assert (draft.runs[0].starts_at, draft.runs[0].ends_at) == (
        at(2026, 3, 3, 3),
        at(2026, 3, 3, 5),
    )
    assert codes(draft) == ["start:no-zone", "end:no-zone"]


def test_a_zone_that_may_be_several_is_asked_about_and_read_once_that_was_answered() -> None:
    more = "<ev:startdate>Tue, 03 Mar 2026 10:00:00 IST</ev:startdate>"
    asked = only(rss(item(more=more)))
    assert (asked.runs[0].starts_at, codes(asked)) == (None, ["zone:ambiguous-zone"])
    answered = only(rss(item(more=more)), defaults={"zone:IST": "Asia/Kolkata"})
    assert (answered.runs[0].starts_at, codes(answered)) == (at(2026, 3, 3, 4, 30), [])


@pytest.mark.parametrize(
    ("more", "given", "code", "origin"),
    [
        ("<dc:language>fr-FR</dc:language>", {}, "fr-FR", LanguageOrigin.DECLARED),
        ("", {"language": "es"}, "es", LanguageOrigin.SOURCE),
        ("", {}, "en", LanguageOrigin.SOURCE),
    ],
)
def test_the_language_nearest_to_the_entry_counts(
    more: str, given: dict[str, str], code: str, origin: LanguageOrigin
) -> None:
    [language] = only(rss(item(more=more)), defaults=given).languages
    assert (language.code, language.origin) == (code, origin)


def test_the_language_of_one_entry_is_not_that_of_the_next() -> None:
    items = item(more="<dc:language>fr</dc:language>"), item("heat"), item("waste")
    found = [one for one in read(rss(*items)) if isinstance(one, Draft)]
    assert [one.languages[0].code for one in found] == ["fr", "en", "en"]


def test_an_atom_entry_may_be_in_a_language_of_its_own() -> None:
    told = '<entry xml:lang="th"><id>tag:school.example,2026:1</id><title>น้ำ</title></entry>'
    [language] = only(atom(told, ' xml:lang="en"')).languages
    assert (language.code, language.origin) == ("th", LanguageOrigin.DECLARED)


def test_a_video_of_youtube_is_a_recording_known_by_its_id() -> None:
    told = (
        "<entry><id>yt:video:aBcDeFgHiJk</id><yt:videoId>aBcDeFgHiJk</yt:videoId>"
        '<title>Water talks</title><link rel="alternate" href="https://video.example/watch?v=a"/>'
        "<author><name>River Channel</name></author><media:group><media:title>Water</media:title>"
        "<media:description>All about water.</media:description></media:group></entry>"
    )
    draft = only(atom(told))
    assert (draft.external_id, draft.kind) == ("yt:video:aBcDeFgHiJk", Kind.WEBINAR)
    assert (draft.delivery, draft.pace) == (Delivery.ONLINE, Pace.SELF)
    assert (draft.provider, draft.texts[0].description) == ("River Channel", "All about water.")
    assert codes(draft) == []


def test_a_video_of_peertube_is_a_recording_known_by_its_id_and_language() -> None:
    number = "0f0e0d0c-1111-4222-8333-444455556666"
    watch = f"https://tube.example/videos/watch/{number}"
    told = (
        f"<item><title>Water</title><link>{watch}</link><guid>{watch}</guid><media:group>"
        '<media:content url="https://tube.example/1.mp4" type="video/mp4" lang="fr"/>'
        f'</media:group><media:player url="{watch}"/></item>'
    )
    draft = only(rss(told))
    assert (draft.external_id, draft.kind, draft.address) == (
        *(f"peertube:{number}", Kind.WEBINAR, watch),
    )
    assert [(one.code, one.origin) for one in draft.languages] == [("fr", LanguageOrigin.DECLARED)]


def test_a_podcast_without_a_page_leads_to_its_sound() -> None:
    sound = "https://school.example/1.mp3"
    draft = only(
        rss(f'<item><title>One</title><enclosure url="{sound}" type="audio/mpeg"/></item>')
    )
    assert (draft.external_id, draft.address, draft.kind) == (sound, sound, Kind.WEBINAR)


def test_an_entry_without_id_and_address_has_its_words_for_one() -> None:
    draft = only(rss("<item><title>Water</title></item>"))
    assert (draft.external_id[:7], codes(draft)) == ("sha256:", ["id:no-own-id"])


@pytest.mark.parametrize("rel", ["next", "prev-archive"])
def test_the_page_after_this_one_is_followed(rel: str) -> None:
    link = f'<atom:link rel="self" href="{HERE}"/><atom:link rel="{rel}" href="/feed?page=2"/>'
    page = rss(item(), channel=CHANNEL + link)
    assert adapter.following(Feed(page), HERE) == ["https://school.example/feed?page=2"]
    assert adapter.following(Feed(rss(item())), HERE) == []
    assert (adapter.begin(HERE, since=None), adapter.COMPLETE) == (HERE, False)


@pytest.mark.parametrize("leads", [HERE, "javascript:alert(1)", "file:///etc/passwd", ""])
def test_a_page_that_leads_nowhere_is_the_last(leads: str) -> None:
    link = f'<atom:link rel="next" href="{leads}"/>'
    assert adapter.following(Feed(rss(channel=CHANNEL + link)), HERE) == []


def test_an_unchanged_feed_says_the_same_whenever_it_was_built() -> None:
    first, second = (
        only(rss(item(), channel=f"{CHANNEL}<lastBuildDate>{day} Mar 2026</lastBuildDate>"))
        for day in (3, 4)
    )
    assert first.fingerprint() == second.fingerprint()


def test_what_a_tombstone_names_is_gone() -> None:
    stone = '<at:deleted-entry ref="tag:school.example,2026:1" when="2026-03-03T00:00:00Z"/>'
    assert read(atom(stone)) == [Gone("tag:school.example,2026:1", 1)]
