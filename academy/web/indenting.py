"""Pages travel without the indentation of their templates: it tells a browser nothing."""

from __future__ import annotations

import re
from collections.abc import Iterator

from jinja2.ext import Extension
from jinja2.lexer import Token, TokenStream

_INDENTED = re.compile(r"\n[ \t]+")
_BEGINNING = re.compile(r"\A[ \t]+")
_OF_A_BLOCK = re.compile(
    r"\A[ \t]+(?=</?(?:address|article|aside|dd|details|div|dl|dt|fieldset|figure|footer|form|h\d"
    r"|header|legend|li|main|nav|ol|option|p|section|select|summary|table|tbody|td|th|thead|tr|ul)\b)"
)
"""Space before what stands on a line of its own anyway."""


class Unindented(Extension):
    """Leaves out the spaces at the beginnings of the lines of HTML templates.

    Only what the template itself says is touched, once when it is loaded: never a value, such as
    the text of a field. Where there was space between words there is space still.
    """

    def filter_stream(self, stream: TokenStream) -> Iterator[Token]:
        """Give the tokens of a template, those of its own text without indentation."""
        is_page, line = (stream.name or "").endswith(".html"), 0
        for token in stream:
            if is_page and token.type == "data":
                text = token.value
                if token.lineno > line:
                    # The line break after the tag before was left out, which is why this one tells.
                    text = _BEGINNING.sub("\n", _OF_A_BLOCK.sub("", text))
                yield Token(token.lineno, token.type, _INDENTED.sub("\n", text))
            else:
                yield token
            line = token.lineno + token.value.count("\n") if token.type == "data" else token.lineno
