"""What becomes of the answers of a repository that speaks OAI-PMH."""

from __future__ import annotations

import pytest

from courses.catalogue.content import TextContent
from courses.catalogue.models import Cost, Kind, Level
from courses.harvesting.adapters import oai
from courses.harvesting.draft import Draft, Feed, Finding, Gone
from courses.harvesting.formats.markup import MOST_PARTS
from courses.harvesting.sentences import FINDINGS
from tests.harvesting.repository import (
    IMS,
    LTSC,
    answer,
    course,
    dublin,
    gone,
    lom,
    record,
)

Item = Draft | Finding | Gone


def read(content: bytes, **feed: dict[str, str]) -> list[Item]:
    return list(oai.read(Feed(content, **feed)))  # type: ignore[arg-type]


def only(metadata: str, **feed: dict[str, str]) -> Draft:
    [draft] = read(answer(record("oai:1", metadata)), **feed)
    assert isinstance(draft, Draft)
    return draft


def said(draft: Draft) -> list[tuple[str, str, str]]:
    return [(text.language, text.title, text.description or "") for text in draft.texts]


def codes(draft: Draft) -> list[tuple[str, str]]:
    assert {found.code for found in draft.findings} <= FINDINGS.keys()
    return [(found.code, found.found) for found in draft.findings]


def test_a_dublin_core_record_is_read_in_all_its_parts() -> None:
    draft = only(
        dublin(
            *("title@fr=Eau", "title@en=Water", "description@fr=Tout.", "description@en=All."),
            *("language=French", "language=eng", "subject=water; rivers", "subject=cities"),
            *("type=Webinar", "type=info:eu-repo/semantics/lecture", "publisher=River School"),
            *("identifier=ISBN 1", "identifier=https://school.example/1", "date=2011-03-26"),
            "creator=Somebody",
        )
    )
    assert said(draft) == [("fr", "Eau", "Tout."), ("en", "Water", "All.")]
    assert [one.code for one in draft.languages] == ["fr", "en"]
    assert draft.words == ["water", "rivers", "cities", "Webinar", "lecture"]
    assert (draft.external_id, draft.line, draft.kind) == ("oai:1", 5, Kind.WEBINAR)
    assert (draft.provider, draft.address) == ("River School", "https://school.example/1")
    assert (draft.runs[0].starts_at, draft.runs[0].zone, codes(draft)) == (None, "UTC", [])


@pytest.mark.parametrize("space", [LTSC, IMS])
def test_lom_says_the_same_however_it_is_spelled(space: str) -> None:
    draft = only(lom(space))
    assert said(draft) == [("fr", "Eau", "Tout."), ("en", "Water", "All.")]
    assert [one.code for one in draft.languages] == ["fr"]
    assert draft.words == ["assainissement", "Urban planning", "exercise"]
    assert draft.codes == {"audience": ["manager"]}
    assert (draft.provider, draft.address) == (
        *("River School, Geneva", "https://school.example/lom"),
    )
    assert (draft.level, draft.cost, draft.workload) == (
        *(Level.INTRODUCTORY, Cost.FREE, "1 h 30 min"),
    )
    assert codes(draft) == []


def test_properties_are_known_by_the_address_of_their_namespace_and_not_by_their_prefix() -> None:
    other = dublin("title=Water").replace("dc:title", "x:title").replace("xmlns:dc", "xmlns:x")
    assert only(other).texts[0].title == "Water"
    strange = dublin("title=Water").replace("http://purl.org/dc/elements/1.1/", "urn:else")
    assert only(strange).texts[0].title == ""


def test_things_of_schema_org_are_read_too() -> None:
    thing = """<rdf:RDF xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#"
    xmlns:s="http://schema.org/"><s:Course><s:name>Water</s:name>
    <s:url rdf:resource="https://school.example/1"/><s:provider><s:name>No</s:name></s:provider>
    <s:audience><s:Audience><s:audienceType>Planners</s:audienceType></s:Audience></s:audience>
    </s:Course></rdf:RDF>"""
    draft = only(thing)
    assert (draft.texts[0].title, draft.address) == ("Water", "https://school.example/1")
    assert (draft.codes, draft.words) == ({"audience": ["Planners"]}, ["Course"])


def test_what_a_record_leaves_open_the_source_says() -> None:
    draft = only(dublin("title=Eau"), defaults={"language": "fr", "provider": "River School"})
    assert ([one.code for one in draft.languages], draft.provider) == (["fr"], "River School")


def test_a_description_in_another_language_is_that_of_the_only_title() -> None:
    assert said(only(dublin("title=Water", "description@fr=Tout.", "description@en=All."))) == [
        ("", "Water", "Tout.")
    ]
    told = dublin("title=Water", "language=en", "description@fr=Tout.", "description@en=All.")
    assert said(only(told)) == [("", "Water", "All.")]


def test_the_whole_record_is_kept_by_the_paths_of_its_parts() -> None:
    assert only(dublin("title@fr=Eau", "rights=CC BY")).payload == {
        "record/header/identifier": ["oai:1"],
        "record/header/datestamp": ["2026-11-20"],
        "record/metadata/dc/title@fr": ["Eau"],
        "record/metadata/dc/rights": ["CC BY"],
    }


@pytest.mark.parametrize(
    ("told", "address", "noted"),
    [
        ("http:http://school.example/1", "http://school.example/1", ["mended-address"]),
        ("10.5281/zenodo.1", "https://doi.org/10.5281/zenodo.1", []),
        ("DOI: 10.5281/zenodo.1", "https://doi.org/10.5281/zenodo.1", []),
        ("hdl:1975/304", "https://hdl.handle.net/1975/304", []),
        ("javascript://x%0aalert(1)", None, ["unusable-address"]),
        ("1", None, []),
        ("urn:isbn:9789521530159", None, []),
    ],
)
def test_an_address_is_found_however_it_is_written(
    told: str, address: str | None, noted: list[str]
) -> None:
    draft = only(dublin("title=Water", f"identifier={told}"))
    assert (draft.address, [code for code, _found in codes(draft)]) == (address, noted)


def test_a_deleted_record_is_gone() -> None:
    items = read(answer(course("water") + gone("oai:school.example:heat")))
    assert [type(item) for item in items] == [Draft, Gone]
    assert items[1] == Gone("oai:school.example:heat", 6)


def test_a_record_that_cannot_be_used_costs_itself_alone() -> None:
    strange = record("oai:2", '<marc xmlns="urn:marc"><title>Water</title></marc>')
    large = record("oai:3", dublin(*["subject=water"] * MOST_PARTS))
    items = read(answer(strange + record("oai:4", "") + large + course("heat")))
    found = [(one.code, one.external_id) for one in items if isinstance(one, Finding)]
    assert found == [("unknown-format", "oai:2"), ("unknown-format", "oai:4"), ("overfull", "")]
    assert [one.texts[0].title for one in items if isinstance(one, Draft)] == ["About heat"]


def test_words_for_nothing_and_empty_elements_say_nothing() -> None:
    draft = only(dublin("title=Water", "language=English", "language=n/a", "subject=", "type=null"))
    assert ([one.code for one in draft.languages], draft.words, codes(draft)) == (["en"], [], [])


def test_a_language_nobody_knows_is_noted() -> None:
    assert codes(only(dublin("title=Water", "language=qqx-9"))) == [("unknown-language", "qqx-9")]


def test_publishers_that_are_mailboxes_or_people_with_telephones_are_passed_over() -> None:
    card = "<dc:publisher><n xmlns='urn:n'>Somebody</n></dc:publisher>"
    told = dublin("title=Water", "publisher=a@school.example", "publisher=River School")
    assert only(told.replace("<dc:title>", f"{card}<dc:title>")).provider == "River School"


def test_unclean_xml_is_mended_and_said_once() -> None:
    dirty = answer(course("water") + course("heat")).replace(
        b"About water", b"A\x0bbout&nbsp;water & heat"
    )
    first, second = read(b"\n" + dirty)
    assert isinstance(first, Draft)
    assert isinstance(second, Draft)
    assert first.texts[0].title == "A bout\xa0water & heat"
    assert (codes(first), codes(second)) == ([("mended-markup", "2")], [])


@pytest.mark.parametrize("encoding", ["utf-16", "latin-1", "gb18030"])
def test_the_encoding_is_what_it_says_or_what_it_is(encoding: str) -> None:
    title = "水课程" if encoding == "gb18030" else "Été à Genève"
    said_otherwise = "UTF-8" if encoding == "latin-1" else encoding
    text = answer(record("oai:1", dublin(f"title={title}"))).decode()
    content = text.replace("UTF-8", said_otherwise).encode(encoding)
    [draft] = read(content)
    assert isinstance(draft, Draft)
    assert draft.texts == [TextContent("", title, None, "")]


def test_read_twice_a_record_means_the_same() -> None:
    first, second = (only(lom()).fingerprint() for _twice in range(2))
    assert first == second != only(dublin("title=Water")).fingerprint()
