"""Encodings that share their bytes: told apart by the signs that a text would not be written in.

Korean and Japanese texts in EUC read as Chinese in GB 18030, and some of Central Europe in
Windows-1250 read as Windows-1252; each without an error.
"""

from __future__ import annotations

import re
from typing import NamedTuple


class Decoded(NamedTuple):
    """A text, and in which encoding it was taken to be; nothing where that is known."""

    text: str
    guessed: str = ""


_HANGUL = re.compile("[\uac00-\ud7a3]")
_KANA = re.compile("[\u3041-\u3096\u30a1-\u30fa]")
_HIGH = re.compile("[^\x00-\x7f]")
_SIGN_IN_A_WORD = re.compile("[a-z][¹³¿¾ºŸ][a-z]", re.IGNORECASE)
"""What letters of Polish, Slovak and Romanian look like in Windows-1252."""

NEARLY_ALL, MANY = 0.9, 0.2
LEAST_SIGNS = 3


def neighbour(content: bytes) -> Decoded | None:
    """Take for Korean what is nearly all Hangul, and for Japanese what has kana throughout.

    Of Chinese texts neither is true: half of their pairs lie beyond those of Hangul, and the rows
    of kana are as good as never used.
    """
    for codec, name, signs, share in (
        ("cp949", "EUC-KR", _HANGUL, NEARLY_ALL),
        ("euc_jp", "EUC-JP", _KANA, MANY),
    ):
        try:
            text = content.decode(codec)
        except UnicodeDecodeError:
            continue
        if len(signs.findall(text)) >= share * len(_HIGH.findall(text)):
            return Decoded(text, name)
    return None


def central(content: bytes, western: str) -> Decoded | None:
    """Take for Windows-1250 what has signs inside of words in Windows-1252, and letters in it."""
    if len(_SIGN_IN_A_WORD.findall(western)) < LEAST_SIGNS:
        return None
    try:
        text = content.decode("cp1250")
    except UnicodeDecodeError:
        return None
    return None if _SIGN_IN_A_WORD.search(text) else Decoded(text, "Windows-1250")
