"""A repository that speaks OAI-PMH, as its answers."""

from __future__ import annotations

import re
from html import escape

BASE = "https://repository.example/oai"
OAI = "http://www.openarchives.org/OAI/2.0/"
DC = "http://purl.org/dc/elements/1.1/"
LTSC = "http://ltsc.ieee.org/xsd/LOM"
IMS = "http://www.imsglobal.org/xsd/imsmd_v1p2"
ANSWERED = "2026-11-22T10:00:00Z"


def answer(inside: str, *, verb: str = "ListRecords", head: str = "") -> bytes:
    """Wrap what a verb gives into an answer."""
    given = f"<{verb}>{inside}</{verb}>" if verb else inside
    root = f'<OAI-PMH xmlns="{OAI}">'
    stated = f"<responseDate>{ANSWERED}</responseDate><request>{BASE}</request>"
    head = head or '<?xml version="1.0" encoding="UTF-8"?>'
    return f"{head}\n{root}\n{stated}\n{given}\n</OAI-PMH>\n".encode()


def error(code: str, said: str = "") -> bytes:
    return answer(f'<error code="{code}">{said}</error>', verb="")


def record(name: str, metadata: str, *, more: str = "") -> str:
    head = f"<identifier>{name}</identifier><datestamp>2026-11-20</datestamp>"
    about = f"<metadata>{metadata}</metadata>" if metadata else ""
    return f"\n<record><header{more}>{head}</header>{about}</record>"


def gone(name: str) -> str:
    return record(name, "", more=' status="deleted"')


def dublin(*properties: str) -> str:
    """Make a Dublin Core record of properties such as "title=Water" or "title@fr=Eau"."""
    written = ""
    for one in properties:
        name, _is, text = one.partition("=")
        name, _at, language = name.partition("@")
        marked = f' xml:lang="{language}"' if language else ""
        written += f"<dc:{name}{marked}>{escape(text)}</dc:{name}>"
    spaces = f'xmlns:oai_dc="{OAI}oai_dc/" xmlns:dc="{DC}"'
    return f"<oai_dc:dc {spaces}>{written}</oai_dc:dc>"


def course(name: str) -> str:
    """Make a record with all that listing needs."""
    properties = (f"title=About {name}", "language=en", f"identifier=https://school.example/{name}")
    return record(f"oai:school.example:{name}", dublin(*properties))


LOM = """<lom xmlns="SPACE"><general>ENTRY<title>TEXT(fr:Eau)TEXT(en:Water)</title>
<language>fr</language><description>TEXT(fr:Tout.)TEXT(en:All.)</description>
<keyword>TEXT(fr:assainissement)</keyword></general>
<lifeCycle><contribute><role>VALUE(author)</role></contribute>
<contribute><role>VALUE(publisher)</role>ENTITY</contribute></lifeCycle>
<educational><learningResourceType>VALUE(exercise)</learningResourceType>
<intendedEndUserRole>VALUE(manager)</intendedEndUserRole>
<difficulty>VALUE(very easy)</difficulty>
<typicalLearningTime><duration>PT1H30M</duration></typicalLearningTime></educational>
<rights><cost>VALUE(no)</cost></rights><classification><taxonPath><taxon>
<entry>TEXT(en:Urban planning)</entry></taxon></taxonPath></classification></lom>"""
CARD = "BEGIN:VCARD&#10;FN:Somebody&#10;ORG:River School\\, Geneva;Unit&#10;END:VCARD"
NAMED = "https://school.example/lom"
IEEE_PARTS = {
    "ENTRY": f"<identifier><catalog>URI</catalog><entry>{NAMED}</entry></identifier>",
    "ENTITY": f"<entity>{CARD}</entity>",
    "VALUE": r"<source>LOMv1.0</source><value>\1</value>",
    "TEXT": r'<string language="\1">\2</string>',
}
IMS_PARTS = {
    "ENTRY": f"<catalogentry><entry>TEXT(x-none:{NAMED})</entry></catalogentry>",
    "ENTITY": f"<centity><vcard>{CARD}</vcard></centity>",
    "VALUE": r"<source>TEXT(x-none:LOMv1.0)</source><value>TEXT(x-none:\1)</value>",
    "TEXT": r'<langstring xml:lang="\1">\2</langstring>',
}


def lom(space: str = LTSC) -> str:
    """Make a LOM record, spelled as IEEE does, or in small letters as IMS does."""
    parts = IEEE_PARTS if space == LTSC else IMS_PARTS
    written = LOM if space == LTSC else re.sub(r"<[^>]*>", lambda tag: tag[0].lower(), LOM)
    written = written.replace("space", "SPACE").replace("SPACE", space)
    for name in ("ENTRY", "ENTITY"):
        written = written.replace(name, parts[name])
    written = re.sub(r"VALUE\((.*?)\)", parts["VALUE"], written)
    return re.sub(r"TEXT\(([\w-]+):(.*?)\)", parts["TEXT"], written)
