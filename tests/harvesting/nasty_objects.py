"""The nastiest documents of objects."""

from __future__ import annotations

import json

from tests.harvesting.nasty_filled import Make, filled


def as_many_as_are_read() -> bytes:
    """Write as many records as one document may have, nearly."""
    told = {"title": "Water", "description": "wide " * 180}
    return json.dumps([{"id": n} | told for n in range(9_900)]).encode()


OBJECTS: dict[str, Make] = {
    "many tiny records": lambda: filled("[", '{"id":"#","title":"a"},', "{}]"),
    "as many as are read": as_many_as_are_read,
    "one giant record": lambda: filled('[{"id":1,"title":"', "wide ", '"}]'),
    "parts beyond number": lambda: filled('[{"id":1,"title":"a"', ',"#":1', "}]"),
    "other parts in each": lambda: filled("[", '{"title":"a","#":1,"a#":{"b#":2}},', "{}]"),
    "depth": lambda: filled("", '{"a":'),
    "lists in lists": lambda: filled("[", "[[[]]],", "[]]"),
    "lists of numbers": lambda: filled('[{"title":"a","b":[', "1,", "1]}]"),
    "empty texts": lambda: filled('[{"title":"a","b":[', '"",', '""]}]'),
    "escapes": lambda: filled('[{"title":"', "\\u00e9", '"}]'),
    "half characters": lambda: filled('[{"title":"', "\\ud800", '"}]'),
}
MOOCHUB: dict[str, Make] = {
    "many tiny records": lambda: filled(
        '{"links":{},"data":[', '{"type":"Course","id":"#","attributes":{"name":"a"}},', "{}]}"
    ),
    "one giant record": lambda: filled(
        '{"data":[{"type":"Course","id":"1","attributes":{"name":"a","description":"',
        "<p>wide ",
        '"}}]}',
    ),
    "starts beyond number": lambda: filled(
        '{"data":[{"type":"Course","id":"1","attributes":{"name":"a","startDate":[',
        '"2026-03-01",',
        '"2026-03-01"]}}]}',
    ),
    "languages beyond number": lambda: filled(
        '{"data":[{"type":"Course","id":"1","attributes":{"name":"a","inLanguage":[',
        '"x#",',
        '"en"]}}]}',
    ),
}
MOODLE: dict[str, Make] = {
    "many tiny records": lambda: filled(
        '{"courses":[', '{"id":#1,"fullname":"a"},', "{}]}"
    ).replace(b'"id":0', b'"id":1'),
    "spans of languages": lambda: filled(
        '{"courses":[{"id":1,"fullname":"a","summary":"',
        '<span lang=\\"en\\" class=\\"multilang\\">a</span>',
        '"}]}',
    ),
    "spans that never end": lambda: filled(
        '{"courses":[{"id":1,"fullname":"a","summary":"',
        '<span lang=\\"en\\" class=\\"multilang\\">',
        '"}]}',
    ),
    "marks that never end": lambda: filled(
        '{"courses":[{"id":1,"fullname":"a","summary":"', "{mlang en}{mlang other", '"}]}'
    ),
}
OPENEDX: dict[str, Make] = {
    "many tiny records": lambda: filled(
        '{"results":[', '{"id":"course-v1:A+#+1","name":"a","org":"A","number":"#"},', "{}]}"
    ),
    "runs of one course": lambda: filled(
        '{"results":[',
        '{"id":"course-v1:A+B+#","name":"a","org":"A","number":"B","start":"2026-03-01"},',
        "{}]}",
    ),
    "one giant record": lambda: filled(
        '{"results":[{"id":"course-v1:A+B+1","name":"', "wide ", '"}]}'
    ),
}
