"""The page for an address without one: it says so once, and leads further."""

from __future__ import annotations

import re

import pytest
from flask import Flask

from tests.visiting import Visitor


@pytest.mark.parametrize("path", ["/en/nothing", "/en/learn/nothing", "/en/institutions/nothing"])
def test_a_page_that_is_not_there_leads_home_and_to_the_catalogue(app: Flask, path: str) -> None:
    answer = Visitor(app).get(path)
    main = answer.get_data(as_text=True).partition("<main")[2].partition("</main>")[0]
    assert answer.status_code == 404
    assert re.findall(r'<a class="btn[^"]*" href="([^"]*)">([^<]*)</a>', main) == [
        ("/en/", "To the front page"),
        ("/en/learn", "Find learning"),
    ]
    assert re.findall(r"<h1>(.*?)</h1>", main) == ["There is no page here"]
    assert main.count("The page may have moved, or the address has a slip.") == 1
