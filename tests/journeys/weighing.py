"""What a page weighs, and what it may weigh: bytes as they travel."""

from __future__ import annotations

import gzip
from html.parser import HTMLParser

KB = 1024
PAGE, STYLES, SCRIPTS, FIRST_VISIT, REQUESTS = 12 * KB, 12 * KB, 20 * KB, 40 * KB, 6


class Parts(HTMLParser):
    """Lists what a browser fetches with a page: stylesheets, scripts, pictures."""

    def __init__(self, text: str) -> None:
        super().__init__()
        self.styles: list[str] = []
        self.scripts: list[str] = []
        self.others: list[str] = []
        self.feed(text)
        self.close()

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        told = {name: value or "" for name, value in attrs}
        if tag == "link" and told.get("rel") == "stylesheet":
            self.styles.append(told["href"])
        elif tag == "link" and told.get("rel") in {"icon", "preload", "modulepreload", "manifest"}:
            self.others.append(told["href"])
        elif tag == "script" and "src" in told:
            self.scripts.append(told["src"])
        elif told.get("src"):
            self.others.append(told["src"])


def compressed(body: bytes) -> int:
    """Count the bytes that travel, at the level servers use by default."""
    return len(gzip.compress(body, 6, mtime=0))
