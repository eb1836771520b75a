"""Workbooks as people keep their lists in: XLSX, ODS, and the XLS of old."""

from __future__ import annotations

import base64
import io
import zipfile
import zlib
from collections.abc import Sequence
from html import escape
from typing import Any

import openpyxl
from openpyxl.worksheet.worksheet import Worksheet

SPREADSHEET = "application/vnd.oasis.opendocument.spreadsheet"
ODS_SPACES = " ".join(
    f'xmlns:{name}="urn:oasis:names:tc:opendocument:xmlns:{name}:1.0"'
    for name in ("office", "table", "text", "style")
)
MANIFEST = '<manifest xmlns="urn:oasis:names:tc:opendocument:xmlns:manifest:1.0"/>'
_XLS = (
    "c-rk)O=wd=5dQWhX%cDDG)=@-D4}50+8T-%DYU8D+6pFAEBJ$;Y5Sn1F)1&vpn_PfISPU&#Y>?cyi~pTgC6weL8#"
    "b+AP9+q7f*tMhc?gI$%~{lg$A@@d0*Js+1Z`l*_qvan|(81o1J;ski!ae!G^ryMpcPSP;wUwK2W`3NVb@}C>a+1E"
    "4W=0$SMb(d0snZ3}w7?Q1HP1k|^+z(rHW}mP)Fjb;N$QAugm1ox)CQPr)5ZUevQ)ex}1r>zLl>w$GV%v*bF{PHLM"
    "Kr!XIhwd^(5@d>4g>%2q-9<$DSmb4>?S8^R+z99;29oVOh#S<H)qS0QBSx~I|)TFA(au9drZazt9i$>dedP4pE9n"
    "okO0a^{S_-=%NZ^do@B4o+eS1v&EAIs&=Rpc%TWjVRKjQplz2c}@06><+`P=iZ$S>wck)TEYH(;0ZsUR78+v6QZ+"
    "7jX!i%rn9P92?UUDybYEOO8`<P>*Z64d{(eZUIJheInfv4yT7lQ>nym^?dx?L_!VA{sz@yP1R*bg~P|U?C|mMmaH"
    "Z^LMBPRmN%x4CbxL+>)YtiK;#Tdruc(X_$+OclYxONQiGJeT%#~0o6y4iE~Zzx*R9MqFb&XjC~qDJn#{pzZgY)mn"
    "`xXqjD^Vd5`G8qnJ-74G-f_Ub`n3=m%A94dl#8O6FGc@^yP0Ft)f-jz9sQAQp|;UfPG+E|Jz~aQhcWEhWYKS!4f+"
    "k<PV8LNqR^8Dk-L~q_!xdEm+%Twim1|{bnP7$phBUjbl@vySo%W9<lqnOD+Ib%>Gr(9IM8xZh6d5E@l=iSg>Hhf&"
    "~jJ-gFf6!euYq>-kFOG~acWDCMnZk`0TaNYPKH|AxItQm)}bMeAoX9HQ8lSfftyy-?yfjjmxFLu|)*#p{=@<f3#w"
    "YgY9Axh+)b`1wlg{LAD21Txzmd;"
)


def xls() -> bytes:
    """Give a workbook with a course, "Eau", and a hidden sheet with another."""
    return zlib.decompress(base64.b85decode(_XLS))


def xlsx(*rows: Sequence[Any], name: str = "Courses") -> bytes:
    """Make a workbook of one sheet."""
    book = openpyxl.Workbook(write_only=True)
    sheet = book.create_sheet(name)
    for row in rows:
        sheet.append(row)
    return packed(book)


def packed(book: openpyxl.Workbook) -> bytes:
    """Give a workbook as its file."""
    file = io.BytesIO()
    book.save(file)
    return file.getvalue()


def first_sheet(book: openpyxl.Workbook) -> Worksheet:
    """Give the first sheet of a workbook, to be filled cell by cell."""
    return book.worksheets[0]


def ods(*sheets: Sequence[Sequence[str]], hidden: Sequence[int] = ()) -> bytes:
    """Make an ODS file; cells that look like a day are days."""
    tables = ""
    for number, rows in enumerate(sheets):
        named = f'table:name="S{number}" table:style-name="{"no" if number in hidden else "yes"}"'
        written = ("".join(map(_cell, row)) for row in rows)
        inside = "".join(f"<table:table-row>{row}</table:table-row>" for row in written)
        tables += f"<table:table {named}>{inside}</table:table>"
    styles = "".join(
        f'<style:style style:name="{name}" style:family="table">'
        f'<style:table-properties table:display="{shown}"/></style:style>'
        for name, shown in (("yes", "true"), ("no", "false"))
    )
    content = (
        f"<office:document-content {ODS_SPACES}><office:automatic-styles>{styles}"
        f"</office:automatic-styles><office:body><office:spreadsheet>{tables}"
        "</office:spreadsheet></office:body></office:document-content>"
    )
    file = io.BytesIO()
    with zipfile.ZipFile(file, "w") as archive:
        archive.writestr("mimetype", SPREADSHEET)
        archive.writestr("META-INF/manifest.xml", MANIFEST)
        archive.writestr("content.xml", content)
    return file.getvalue()


def _cell(text: str) -> str:
    if len(text) == len("2026-03-01") and text[4:8:3] == "--":
        return f'<table:table-cell office:value-type="date" office:date-value="{text}"/>'
    inside = f"<text:p>{escape(text)}</text:p>" if text else ""
    return f'<table:table-cell office:value-type="string">{inside}</table:table-cell>'
