"""The nastiest tables and lines of objects."""

from __future__ import annotations

import json

from tests.harvesting.nasty_filled import ROOM, Make, filled


def of_lines(**parts: str) -> bytes:
    """Write one record of our exchange format, with one part that fills the file."""
    name, part = next(iter(parts.items()))
    before = '{"source": "s", "source_id": "1", "title": "Water", "language": "en", '
    return filled(f'{before}"{name}": ', part, "}\n").replace(b",]", b"]").replace(b",}", b"}")


CSV_HEAD = "id,title,url,description,start\n"
CSV: dict[str, Make] = {
    "many tiny records": lambda: filled("id,title\n", "#,a\n"),
    "many whole records": lambda: filled(
        CSV_HEAD, '#,"Water #",https://school.example/#,"About <b>water</b>",2026-03-01\n'
    ),
    "one giant record": lambda: filled(CSV_HEAD + '1,Water,,"', "wide ", '",\n'),
    "many large cells": lambda: filled(CSV_HEAD, "#,Water,," + "wide " * 20_000 + ",\n"),
    "quotes that never end": lambda: filled(CSV_HEAD, '#,"a\n'),
    "stray quotes": lambda: filled(CSV_HEAD, '#,"a"b,\n'),
    "quotes alone": lambda: filled(CSV_HEAD, '"'),
    "a thousand columns": lambda: filled(
        "title," + ",".join(f"c{n}" for n in range(999)) + "\n", "a" + ",b" * 999 + "\n"
    ),
    "ten thousand columns": lambda: filled(",".join(f"c{n}" for n in range(10_000)) + "\n", "a,"),
    "columns all of one name": lambda: filled("title," * 1_000 + "\n", "a," * 999 + "\n"),
    "a header without end": lambda: filled("title", ",c#"),
    "bytes of no text": lambda: b"id,title\n" + b"\xff\xfe\x81" * (ROOM[0] // 3),
    "almost Chinese": lambda: b"id,title\n" + b"1,\xb0\xa1\n" * (ROOM[0] // 5) + b"\xff",
    "lines without words": lambda: filled("id,title\n", "\n"),
    "words misread": lambda: filled(CSV_HEAD, "#,Ã©Ã© Ã¢â‚¬â„¢,,Ã©,\n"),
    "marks of languages": lambda: filled(
        CSV_HEAD, '#,"{mlang en}a{mlang}{mlang fr}b{mlang}",,"<b><i><p>&amp;&lt;",\n'
    ),
}


def dates_beyond_number() -> bytes:
    """Give records of 16 runs with 100 meetings each."""
    runs = [
        {
            "starts": f"2099-01-{day:02}",
            "meetings": [
                {
                    "starts": f"2099-01-{day:02}T{at // 60:02}:{at % 60:02}Z",
                    "ends": f"2099-01-{day:02}T23:00Z",
                }
                for at in range(100)
            ],
        }
        for day in range(1, 17)
    ]
    told = {"source": "s", "title": "Water", "language": "en", "runs": runs}
    line = json.dumps(told | {"source_id": "#"}, separators=(",", ":")) + "\n"
    count = max(1, ROOM[0] // (len(line) + 10))
    return "".join(line.replace("#", str(number)) for number in range(count)).encode()


JSONL: dict[str, Make] = {
    "many tiny records": lambda: filled("", '{"source_id":"#","title":"a"}\n'),
    "many whole records": lambda: b"".join(
        json.dumps(
            {"source": "s", "source_id": n, "title": f"Water {n}", "language": "en"}
            | {"url": f"https://school.example/{n}", "description": "All about water. " * 12}
        ).encode()
        + b"\n"
        for n in range(ROOM[0] // 340)
    ),
    "dates beyond number": dates_beyond_number,
    "one giant title": lambda: filled('{"source_id": 1, "title": "', "wide ", '"}\n'),
    "one giant description": lambda: filled(
        '{"source_id": 1, "title": "a", "description": "', "<p>&amp;", '"}\n'
    ),
    "tags that never end": lambda: filled(
        '{"source_id":1,"title":"a","description":"', "<a ", '"}'
    ),
    "ampersands": lambda: filled('{"source_id":1,"title":"a","description":"', "&", '"}'),
    "a million lists": lambda: of_lines(subjects="[[],"),
    "a list of a million words": lambda: filled(
        '{"source_id":1,"title":"a","subjects":[', '"#",', '"b"]}\n'
    ),
    "a million parts": lambda: filled('{"source_id":1,"title":"a"', ',"#":1', "}\n"),
    "ten thousand runs": lambda: filled(
        '{"source_id":1,"title":"a","runs":[', '{"starts":"2026-03-01"},', "{}]}\n"
    ),
    "meetings beyond number": lambda: filled(
        '{"source_id":1,"title":"a","runs":[{"starts":"2026-03-01","meetings":[',
        '{"starts":"2026-03-01T10:00Z","ends":"2026-03-01T11:00Z"},',
        "{}]}]}\n",
    ),
    "texts in languages beyond number": lambda: filled(
        '{"source_id":1,"title":"a","texts":{', '"x-#":{"title":"a"},', '"fr":{}}}\n'
    ),
    "depth": lambda: filled("", '{"a":'),
    "lines of depth": lambda: filled("", '{"a":' * 900 + "\n"),
    "a number without end": lambda: filled('{"source_id": ', "9", "}\n"),
    "a name of a megabyte": lambda: filled("", '{"source_id":"' + "a" * 1_000_000 + '"}\n'),
    "half characters": lambda: filled('{"source_id":1,"title":"', "\\ud800", '"}\n'),
    "joining marks": lambda: filled('{"source_id":1,"title":"', "e\u0301\u0323", '"}\n'),
}
