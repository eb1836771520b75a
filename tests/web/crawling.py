"""Walking the pages of an academy: every way a page offers, every route there is."""

from __future__ import annotations

import json
from collections import Counter, deque
from collections.abc import Iterator
from pathlib import Path
from urllib.parse import urljoin, urlsplit

from flask import Flask
from werkzeug.exceptions import HTTPException
from werkzeug.test import TestResponse

from tests.browsing import Browser, Reader

MOST_OF_A_KIND = 8
"""Pages looked at of one route: the catalogue alone has more lists than anybody could count."""

LEARNER = "learner@sample.example"


def learner(demonstration: Flask) -> Browser:
    """Sign in as the learner of the demonstration."""
    home: Path = demonstration.config["SETTINGS"].home
    told = json.loads((home / "demonstration.json").read_text(encoding="utf-8"))
    browser = Browser(demonstration)
    assert browser.sign_in(LEARNER, told["password"]).status_code == 303
    return browser


def endpoint(app: Flask, path: str) -> str:
    """Name the route that answers a path; nothing for none."""
    try:
        found, _values = app.url_map.bind("localhost").match(path)
    except HTTPException:
        return ""
    return str(found)


def plain_routes(app: Flask, language: str = "en") -> list[str]:
    """Give the address of every route that can be asked for without knowing anything more."""
    return [
        rule.rule.replace("<language:lang>", language)
        for rule in app.url_map.iter_rules()
        if "GET" in (rule.methods or ()) and rule.arguments <= {"lang"}
    ]


def ways(address: str, page: str) -> Iterator[str]:
    """Give every address of this site that a page leads to, loads or asks for with GET."""
    read = Reader(page)
    found = [link.get("href", "") for link in (*read.links, *read.heads)]
    found += [form.action for form in read.forms if form.method == "get"]
    for way in found:
        parts = urlsplit(urljoin(address, way))
        if parts.hostname in {None, "localhost"} and parts.scheme in {"", "http"}:
            yield parts._replace(scheme="", netloc="", fragment="").geturl()


def crawl(
    app: Flask,
    browser: Browser,
    start: str = "/",
    *,
    within: str = "/",
    most: int = MOST_OF_A_KIND,
) -> Iterator[tuple[str, TestResponse]]:
    """Follow every way from a page, some of each kind, and give what is found.

    Addresses that do not begin with `within` are passed by.
    """
    seen, kinds, waiting = {start}, Counter[str](), deque([start])
    while waiting:
        address = waiting.popleft()
        kind = endpoint(app, urlsplit(address).path) + address.partition("/learn?")[2][:4]
        if kinds[kind] >= most:
            continue
        kinds[kind] += 1
        answer = browser.get(address)
        yield address, answer
        further = [answer.location] if answer.location else []
        if answer.mimetype == "text/html":
            further += ways(address, answer.text)
        for way in further:
            if way not in seen and way.startswith(within):
                seen.add(way)
                waiting.append(way)
