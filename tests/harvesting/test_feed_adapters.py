"""What adapters of lines keep: each record is accounted for, nothing but NotAFeed is raised."""

from __future__ import annotations

import gzip
import io
import tracemalloc
import zipfile
from collections.abc import Callable
from dataclasses import dataclass

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from courses.harvesting.adapting import ADAPTERS
from courses.harvesting.draft import Feed, NotAFeed
from courses.harvesting.sentences import FINDINGS, REASONS
from tests.harvesting.harvested import Item, drafts, lines, record, rejections, table

PAGE = b"<!DOCTYPE html>\n<html><head><title>Sign in</title></head><body></body></html>\n"
IMAGE = b"\x89PNG\r\n\x1a\n\x00\x00\x00\rIHDR" + bytes(range(256)) * 8
MEGABYTE = 1 << 20
RECORDS = 4_000


@dataclass(frozen=True)
class Format:
    """How the same three records look in a format, one of them bad."""

    adapter: str
    write: Callable[..., bytes]
    bad: bytes

    def read(self, content: bytes) -> list[Item]:
        """Read a file to its end."""
        return list(ADAPTERS[self.adapter].read(Feed(content)))


def as_table(*names: str) -> bytes:
    rows = [
        {"Id": name, "Title": f"About {name}", "Link": f"https://school.example/{name}"}
        for name in names
    ]
    return table(*rows)


def as_lines(*names: str) -> bytes:
    return lines(*(record(name) for name in names))


FORMATS = {
    "csv": Format("csv", as_table, b'heat,"About "heat"",https://school.example/heat\r\n'),
    "jsonl": Format("jsonl", as_lines, b'{"source": "school", "source_id": }\n'),
}
GOOD = {name: form.write("water", "heat", "waste") for name, form in FORMATS.items()}


@pytest.fixture(params=sorted(FORMATS))
def form(request: pytest.FixtureRequest) -> Format:
    return FORMATS[request.param]


def reason(form: Format, content: bytes) -> str:
    with pytest.raises(NotAFeed) as refused:
        form.read(content)
    assert str(REASONS[refused.value.code] % refused.value.details)
    return refused.value.code


def workbook() -> bytes:
    file = io.BytesIO()
    with zipfile.ZipFile(file, "w") as archive:
        archive.writestr("xl/workbook.xml", "<workbook/>")
    return file.getvalue()


def test_each_record_of_a_good_file_becomes_a_draft(form: Format) -> None:
    items = form.read(form.write("water", "heat", "waste"))
    titles = [draft.texts[0].title for draft in drafts(items)]
    assert titles == ["About water", "About heat", "About waste"]
    assert rejections(items) == []


def test_a_bad_record_in_the_middle_costs_itself_alone(form: Format) -> None:
    before, after = form.write("water"), form.write("waste")
    header = before.index(b"\n") + 1 if form.adapter == "csv" else 0
    items = form.read(before + form.bad + after[header:])
    assert [draft.texts[0].title for draft in drafts(items)] == ["About water", "About waste"]
    [rejected] = rejections(items)
    assert (rejected.line, rejected.weight.value) == (3 if header else 2, "rejected")
    assert str(FINDINGS[rejected.code])


def test_the_line_of_a_draft_is_where_its_record_begins(form: Format) -> None:
    first = 2 if form.adapter == "csv" else 1
    items = form.read(form.write("water", "heat"))
    assert [draft.line for draft in drafts(items)] == [first, first + 1]


def test_repeated_identifiers_are_all_given(form: Format) -> None:
    items = form.read(form.write("water", "water", "heat"))
    ids = [draft.external_id for draft in drafts(items)]
    assert len(ids) == 3
    assert ids[0] == ids[1] != ids[2]


@pytest.mark.parametrize("content", [b"", b"\n", b" \r\n\t\n", b"\xef\xbb\xbf", b"\xef\xbb\xbf\n"])
def test_an_empty_file_is_refused_as_empty(form: Format, content: bytes) -> None:
    assert reason(form, content) == "empty"


def test_a_file_that_breaks_off_is_refused(form: Format) -> None:
    whole = form.write("water", "heat", "waste")
    assert reason(form, whole[:-40]) == "breaks-off"


def test_a_last_line_needs_no_end(form: Format) -> None:
    whole = form.write("water", "heat").rstrip()
    assert len(drafts(form.read(whole))) == 2


def test_a_file_that_breaks_off_inside_a_character_is_refused(form: Format) -> None:
    cut = form.write("water", "heat", "déchets").rpartition("é".encode())[0] + b"\xc3"
    assert reason(form, cut) == "breaks-off"


@pytest.mark.parametrize("before", [b"", b"\n\n", b"\xef\xbb\xbf", b"<!-- a note -->\n"])
def test_a_web_page_is_refused_as_one(form: Format, before: bytes) -> None:
    assert reason(form, before + PAGE) == "html"


def test_a_workbook_is_refused_as_one(form: Format) -> None:
    assert reason(form, workbook()) == "workbook"
    assert reason(form, gzip.compress(GOOD[form.adapter])) == "workbook"


def test_an_image_is_refused_as_no_text(form: Format) -> None:
    assert reason(form, IMAGE) == "binary"


def test_a_file_that_turns_binary_late_is_refused() -> None:
    late = GOOD["csv"] * 100 + b"\x00\x01\x02\n"
    assert reason(FORMATS["csv"], late) == "binary"


def test_a_file_of_which_hardly_a_row_can_be_read_is_no_table() -> None:
    good, bad = b"Water,https://school.example/1\n", b'"Wa"ter",https://school.example/1\n'
    assert len(FORMATS["csv"].read(b"Title,Link\n" + good * 2 + bad * 2)) == 4
    assert reason(FORMATS["csv"], b"Title,Link\n" + good * 2 + bad * 3) == "not-a-table"


def test_one_json_array_is_no_feed() -> None:
    array = b"[\n" + b",\n".join(lines(record("water"), record("heat")).splitlines()) + b"\n]\n"
    assert reason(FORMATS["jsonl"], array) == "json-array"
    assert reason(FORMATS["csv"], array) in {"not-a-table", "no-title-column"}


@given(content=st.binary(max_size=400))
@settings(max_examples=300, deadline=None, database=None)
def test_random_bytes_are_read_or_refused(content: bytes) -> None:
    for form in FORMATS.values():
        read_or_refused(form, content)


@given(data=st.data())
@settings(
    max_examples=300, deadline=None, database=None, suppress_health_check=[HealthCheck.too_slow]
)
def test_a_good_file_with_bytes_exchanged_is_read_or_refused(data: st.DataObject) -> None:
    form = FORMATS[data.draw(st.sampled_from(sorted(FORMATS)))]
    good = GOOD[form.adapter]
    start = data.draw(st.integers(0, len(good)))
    end = data.draw(st.integers(start, min(len(good), start + 20)))
    put = data.draw(st.binary(max_size=12) | st.sampled_from([b'"', b'""', b"\n", b"\\u", b"{[("]))
    read_or_refused(form, good[:start] + put + good[end:])


def read_or_refused(form: Format, content: bytes) -> None:
    """Read a file to its end; whatever is said of it has its sentence."""
    refusal, items = None, list[Item]()
    try:
        items = form.read(content)
    except NotAFeed as refused:
        refusal = refused
    assert refusal is None or str(REASONS[refusal.code] % refusal.details)
    codes = {finding.code for item in items for finding in getattr(item, "findings", [item])}
    assert codes <= FINDINGS.keys()


@pytest.mark.parametrize(
    "content",
    [
        b"[" * MEGABYTE,
        b'{"a":' * (MEGABYTE // 5),
        b'"' * MEGABYTE,
        b'a,b\n"' + b"x" * MEGABYTE,
        b"," * MEGABYTE,
        b"title,url\n" + b"," * MEGABYTE,
        b"title,start\na,2026" + b" " * MEGABYTE + b"2027\n",
        b'{"title": "' + b"<a" * (MEGABYTE // 2) + b'"}\n',
        b'{"source_id": 1, "kind": "' + b" , " * (MEGABYTE // 3) + b'"}\n',
        b'{"source_id": ' + b"9" * MEGABYTE + b"}\n",
        b"\xff" * MEGABYTE,
        b"\n" * MEGABYTE,
    ],
    ids=lambda content: repr(content[:12]),
)
def test_a_nasty_megabyte_ends_in_bounded_memory(form: Format, content: bytes) -> None:
    tracemalloc.start()
    try:
        read_or_refused(form, content)
        _, peak = tracemalloc.get_traced_memory()
    finally:
        tracemalloc.stop()
    assert peak < 40 * MEGABYTE


def test_a_large_good_file_is_not_held_as_objects(form: Format) -> None:
    content = form.write(*(f"subject-{number}" for number in range(RECORDS)))
    tracemalloc.start()
    try:
        count = sum(1 for _ in ADAPTERS[form.adapter].read(Feed(content)))
        _, peak = tracemalloc.get_traced_memory()
    finally:
        tracemalloc.stop()
    assert count == RECORDS
    assert peak < 3 * len(content) + MEGABYTE
