"""What travels over a thin line is compressed where the reader's browser can take it."""

from __future__ import annotations

import zlib

import pytest
from flask import Flask


@pytest.mark.parametrize("path", ["/en/learn", "/en/"])
def test_a_page_is_compressed_for_a_browser_that_takes_it(path: str, demonstration: Flask) -> None:
    visitor = demonstration.test_client()

    plain = visitor.get(path)
    small = visitor.get(path, headers={"Accept-Encoding": "gzip"})

    assert small.headers["Content-Encoding"] == "gzip"
    assert zlib.decompress(small.data, wbits=31) == plain.data
    assert "Accept-Encoding" in plain.vary
    assert len(small.data) * 3 < len(plain.data)
