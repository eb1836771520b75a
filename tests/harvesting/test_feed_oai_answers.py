"""What a repository is asked, what it may answer, and what is refused."""

from __future__ import annotations

import time
from datetime import UTC, datetime

import pytest

from courses.harvesting.adapters import oai
from courses.harvesting.draft import Draft, Feed, Finding, Gone, NotAFeed
from courses.harvesting.sentences import REASONS
from tests.harvesting.repository import BASE, LTSC, answer, course, dublin, error, record

SINCE = datetime(2026, 11, 20, 8, 30, tzinfo=UTC)
FORMATS = "ListMetadataFormats"
Item = Draft | Finding | Gone


def read(content: bytes) -> list[Item]:
    return list(oai.read(Feed(content)))


def reason(content: bytes) -> str:
    with pytest.raises(NotAFeed) as refused:
        read(content)
    assert str(REASONS[refused.value.code] % refused.value.details)
    return refused.value.code


def test_nothing_that_matches_is_an_empty_whole_answer() -> None:
    nothing = error("noRecordsMatch", "Nothing new")
    assert (read(nothing), oai.following(Feed(nothing), BASE)) == ([], [])


@pytest.mark.parametrize(
    ("content", "code"),
    [
        (error("badResumptionToken", "expired"), "token-expired"),
        (error("badArgument", "from is later than until"), "source-error"),
        (error("cannotDisseminateFormat"), "source-error"),
        (answer("<set/>", verb="ListSets"), "not-oai"),
        (b"<rss><channel/></rss>", "not-oai"),
        (b"", "empty"),
        (b" \n", "empty"),
        (b"<!DOCTYPE html><html><body>Sign in</body></html>", "html"),
        (answer(course("water"))[:-40], "breaks-off"),
        (answer(course("water")).replace(b"</record>", b""), "not-xml"),
        (b'{"records": []}', "not-xml"),
        (b"\x89PNG\r\n\x1a\n\x00\x00", "binary"),
    ],
)
def test_what_is_no_answer_with_records_is_refused_with_its_reason(
    content: bytes, code: str
) -> None:
    assert reason(content) == code


def test_the_words_of_an_error_are_told_on_one_line() -> None:
    with pytest.raises(NotAFeed) as refused:
        read(error("badArgument", "no\n\u202esuch  &lt;b&gt;set"))
    assert refused.value.details == {"said": "badArgument no such set"}


def declaring(*entities: str, used: str) -> bytes:
    declared = "".join(f"<!ENTITY {entity}>" for entity in entities)
    head = f'<?xml version="1.0"?><!DOCTYPE OAI-PMH [{declared}]>'
    told = record("oai:1", dublin("title=TITLE").replace("TITLE", used))
    return answer(told, head=head)


ATTRIBUTES = "<a" + "".join(f" a{number}='1'" for number in range(100_000)) + "/>"
LAUGHS = ('a0 "ha"', *(f'a{n} "{f"&a{n - 1};" * 10}"' for n in range(1, 10)))


@pytest.mark.parametrize(
    "content",
    [
        declaring(*LAUGHS, used="&a9;"),
        declaring('a SYSTEM "file:///etc/hostname"', used="&a;"),
        declaring('% a SYSTEM "https://evil.example/a.dtd"', used="x"),
        declaring('a "ha"', used="&a;").decode().encode("utf-16"),
        answer(course("water"), head='<!DOCTYPE OAI-PMH SYSTEM "https://evil.example/">'),
    ],
)
def test_whatever_declares_entities_is_refused_at_once(content: bytes) -> None:
    begun = time.perf_counter()
    assert reason(content) == "entities"
    assert time.perf_counter() - begun < 1


@pytest.mark.parametrize(
    "content",
    [
        answer("<record>" * 50_000),
        answer("<record/>" * 400_000),
        answer(record("oai:1", dublin("title=Water") + "<a/>" * 400_000)),
        answer(record("oai:1", ATTRIBUTES)),
        answer(record("oai:1", dublin("title=" + "&" * 500_000)).replace("&amp;", "&")),
        answer(record("oai:1", dublin("description=" + "<p>" * 500_000))),
    ],
    ids=range(6),
)
def test_a_hostile_answer_is_read_or_refused_in_seconds(content: bytes) -> None:
    begun, refused, items = time.perf_counter(), None, list[Item]()
    try:
        items = read(content)
    except NotAFeed as refusal:
        refused = refusal.code
    assert (refused, len(items)) in {("overfull", 0), (None, 1)}
    assert time.perf_counter() - begun < 10


def test_a_repository_is_first_asked_who_it_is_with_what_it_needs_besides() -> None:
    assert oai.begin(BASE, since=None) == f"{BASE}?verb=Identify"
    named = oai.begin(f"{BASE}?repo=1&verb=ListRecords&set=a:b", since=SINCE)
    assert named.partition("#")[0] == f"{BASE}?repo=1&verb=Identify"


@pytest.mark.parametrize(
    ("granularity", "begins"),
    [
        ("YYYY-MM-DDThh:mm:ssZ", "&from=2026-11-20T08%3A29%3A59Z"),
        ("YYYY-MM-DD", "&from=2026-11-19"),
        ("", "&from=2026-11-19"),
    ],
)
def test_a_reading_goes_on_in_the_granularity_that_the_repository_states(
    granularity: str, begins: str
) -> None:
    identity = answer(f"<granularity>{granularity}</granularity>", verb="Identify")
    formats = answer(a_format("oai_dc", "urn:dc") + a_format("iso", "urn:x"), verb=FORMATS)
    first = oai.begin(f"{BASE}?set=cities", since=SINCE)
    [second] = oai.following(Feed(identity), first)
    [third] = oai.following(Feed(formats), second)
    assert second.partition("#")[0] == f"{BASE}?verb=ListMetadataFormats"
    assert third == f"{BASE}?verb=ListRecords&metadataPrefix=oai_dc&set=cities{begins}"
    assert (read(identity), read(formats)) == ([], [])


def a_format(prefix: str, space: str) -> str:
    said = (
        f"<metadataPrefix>{prefix}</metadataPrefix><metadataNamespace>{space}</metadataNamespace>"
    )
    return f"<metadataFormat>{said}</metadataFormat>"


def test_lom_is_asked_for_where_there_is_any_and_no_format_was_named() -> None:
    identity = answer("<granularity>YYYY-MM-DD</granularity>", verb="Identify")
    formats = answer(a_format("oai_dc", "urn:dc") + a_format("oai_lom", LTSC), verb=FORMATS)
    [second] = oai.following(Feed(identity), oai.begin(BASE, since=None))
    assert oai.following(Feed(formats), second) == [
        f"{BASE}?verb=ListRecords&metadataPrefix=oai_lom"
    ]
    named = oai.begin(f"{BASE}?metadataPrefix=oai_dc", since=None)
    assert oai.following(Feed(identity), named) == [
        f"{BASE}?verb=ListRecords&metadataPrefix=oai_dc"
    ]


def test_a_token_leads_on_alone_and_an_empty_one_ends() -> None:
    token = '<resumptionToken cursor="0" completeListSize="3">a&amp;b=1 2</resumptionToken>'
    asked = f"{BASE}?repo=1&verb=ListRecords&metadataPrefix=oai_dc&set=a"
    page, last = answer(course("water") + token), answer(course("heat") + "<resumptionToken/>")
    [following] = oai.following(Feed(page), asked)
    sent, _mark, place = following.partition("#")
    assert sent == f"{BASE}?repo=1&verb=ListRecords&resumptionToken=a%26b%3D1+2"
    assert oai.named(following) == f"{BASE}?repo=1#{place}"
    assert oai.named(asked) == asked
    assert oai.following(Feed(last), following) == []
    assert oai.following(Feed(answer(course("heat"))), following) == []


def test_the_moment_of_an_answer_is_the_repositorys_own() -> None:
    late = answer(course("water")).replace(b"T10:00:00Z", b"T10:00:00+05:45")
    assert oai.stated(Feed(late)) == datetime(2026, 11, 22, 4, 15, tzinfo=UTC)
    assert oai.stated(Feed(late.replace(b"2026-11-22T10", b"soon"))) is None
