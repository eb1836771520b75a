"""What the pages are built from: vendored files, directions, inline code and weight."""

from __future__ import annotations

import gzip
import hashlib
import re
import tomllib
from collections.abc import Iterable, Iterator
from html.parser import HTMLParser
from pathlib import Path

CHECKOUT = Path(__file__).resolve().parents[2]
STATIC = CHECKOUT / "academy" / "web" / "static"
VENDOR = STATIC / "vendor"
TEMPLATES = (
    CHECKOUT / "academy" / "web" / "templates",
    CHECKOUT / "courses" / "web" / "templates",
)
CSS_BUDGET, SCRIPT_BUDGET = 12 * 1024, 20 * 1024

# Four values name physical sides too. A chevron turned by 45 degrees looks the same mirrored.
FOUR_VALUES = re.compile(
    r"(?:^|[;{\s])((?:padding|margin|inset|border-(?:width|style|color)|scroll-(?:padding|margin))"
    r":\s*([^;}]+))"
)
CHEVRON = "border-width: 0 2px 2px 0"


def css() -> Iterator[tuple[Path, str]]:
    """Give each stylesheet without its comments."""
    for path in sorted(STATIC.glob("*.css")):
        yield path, re.sub(r"/\*.*?\*/", "", path.read_text(encoding="utf-8"), flags=re.DOTALL)


def templates() -> Iterator[tuple[str, str]]:
    """Give the name and the text of each template, its comments left out."""
    for folder in TEMPLATES:
        for path in sorted(folder.rglob("*.html")):
            text = path.read_text(encoding="utf-8")
            name = path.relative_to(CHECKOUT).as_posix()
            yield name, re.sub(r"\{#.*?#\}", "", text, flags=re.DOTALL)


def gzipped(paths: Iterable[Path]) -> int:
    """Count the bytes of files as they travel, each compressed by itself."""
    return sum(len(gzip.compress(path.read_bytes(), 9, mtime=0)) for path in paths)


def values(text: str) -> list[str]:
    """Split a CSS value at its spaces, those inside brackets left alone."""
    return re.findall(r"(?:[^\s(]|\([^()]*(?:\([^()]*\)[^()]*)*\))+", text.strip())


class Finder(HTMLParser):
    """Collects what a strict content security policy would refuse."""

    def __init__(self) -> None:
        super().__init__()
        self.found: list[str] = []
        self.in_script = False

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        names = dict(attrs)
        for name in names:
            if name == "style" or name.startswith(("on", "hx-on", "data-hx-on")):
                self.found.append(f"{tag} {name}=")
        if tag == "style":
            self.found.append("a style element")
        if any((value or "").strip().lower().startswith("javascript:") for value in names.values()):
            self.found.append(f"{tag} with a javascript: address")
        data = names.get("type") == "application/ld+json"
        self.in_script = tag == "script" and "src" not in names and not data

    def handle_endtag(self, tag: str) -> None:
        if tag == "script":
            self.in_script = False

    def handle_data(self, data: str) -> None:
        if self.in_script and data.strip():
            self.found.append(f"inline script {data.strip()[:40]}")


def inline_code(text: str) -> list[str]:
    """List the inline styles, handlers and scripts in the text of a template."""
    finder = Finder()
    # Tags of the template language could hide an attribute from the parser of HTML.
    finder.feed(re.sub(r"\{%.*?%\}|\{\{.*?\}\}", " ", text, flags=re.DOTALL))
    finder.close()
    return finder.found


def test_vendored_files_are_those_listed_and_unmodified() -> None:
    listed = tomllib.loads((VENDOR / "VENDOR.toml").read_text(encoding="utf-8"))["file"]
    written_down = {entry["path"]: entry["sha256"] for entry in listed}
    assert len(written_down) == len(listed)
    found = {
        path.relative_to(VENDOR).as_posix(): hashlib.sha256(path.read_bytes()).hexdigest()
        for path in VENDOR.rglob("*")
        if path.is_file() and path.name != "VENDOR.toml"
    }
    assert found == written_down


def test_every_vendored_file_says_where_it_came_from() -> None:
    listed = tomllib.loads((VENDOR / "VENDOR.toml").read_text(encoding="utf-8"))["file"]
    needed = ("path", "package", "version", "source", "sha256", "integrity", "licence")
    assert [entry["path"] for entry in listed if not all(entry.get(key) for key in needed)] == []


def test_stylesheets_name_no_physical_side() -> None:
    named = [
        (path.name, match.group())
        for path, text in css()
        for match in re.finditer(r"[\w-]*\b(?:left|right)\b[\w-]*", text)
    ]
    assert named == []


def test_stylesheets_hide_no_physical_side_in_four_values() -> None:
    uneven = []
    for path, text in css():
        for match in FOUR_VALUES.finditer(text):
            sides = values(match.group(2))
            if len(sides) == 4 and sides[1] != sides[3]:
                uneven.append((path.name, match.group(1).strip()))
    assert uneven == [("academy.css", CHEVRON)]


def test_templates_hold_no_inline_style_handler_or_script() -> None:
    found = {name: inline_code(text) for name, text in templates()}
    assert found
    assert {name: code for name, code in found.items() if code} == {}


def test_the_search_for_inline_code_finds_it() -> None:
    sample = (
        '<p style="color:red">x</p><a onclick="go()">y</a><script>go()</script><style>p{}</style>'
        '<script type="application/ld+json">{}</script><script src="a.js"></script>'
        '<a href="javascript:go()">z</a>'
    )
    assert inline_code(sample) == [
        "p style=",
        "a onclick=",
        "inline script go()",
        "a style element",
        "a with a javascript: address",
    ]


def test_templates_never_switch_escaping_off() -> None:
    off = re.compile(r"\|\s*safe\b|\bautoescape\b|\bMarkup\b")
    assert [name for name, text in templates() if off.search(text)] == []


def test_the_stylesheets_together_stay_light() -> None:
    assert gzipped(STATIC.glob("*.css")) <= CSS_BUDGET


def test_the_scripts_of_the_catalogue_stay_light() -> None:
    assert gzipped([*STATIC.glob("*.js"), *VENDOR.glob("htmx-*.js")]) <= SCRIPT_BUDGET


def test_data_bars_have_a_class_for_every_per_cent() -> None:
    text = (STATIC / "academy.css").read_text(encoding="utf-8")
    assert re.findall(r"\.w-(\d+)\{--v:(\d+)%\}", text) == [(str(n), str(n)) for n in range(101)]
