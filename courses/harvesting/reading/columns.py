"""Which column means what: a guess from the headers, in the languages partners write."""

from __future__ import annotations

import re
import tomllib
from collections.abc import Mapping, Sequence
from typing import Any

from academy.text import clean_line, fold_phrase
from courses.harvesting.draft import NotAFeed

Columns = Mapping[str, Sequence[str]]
"""Our field -> their headers; of several, the first that says something counts."""

# Earlier words win over later ones; all are compared folded, so that no accent is written here
# that a language can do without.
ALIASES: dict[str, tuple[str, ...]] = {
    "id": (
        *("id", "identifier", "course id", "readable id", "source id", "code", "identifiant"),
        *("identificador", "kennung"),
    ),
    "title": (
        *("title", "name", "course name", "course title", "titre", "intitule", "titulo", "nombre"),
        *("nome", "titolo", "titel", "bezeichnung", "название", "标题", "课程名称", "العنوان"),
        *("judul", "nama", "ชื่อหลักสูตร", "tên khóa học"),
    ),
    "summary": ("summary", "course summary", "resume", "resumen", "resumo", "subtitle", "abstract"),
    "description": (
        *("description", "course description", "descripcion", "descricao", "descrizione"),
        *("beschreibung", "teacher overview", "overview", "about", "описание", "课程描述", "简介"),
        *("الوصف", "deskripsi"),
    ),
    "url": (
        *("url", "link", "course url", "course link", "web address", "address", "website", "lien"),
        *("enlace", "adresse", "ссылка", "课程链接", "链接", "الرابط", "tautan"),
    ),
    "provider": (
        *("provider", "university name", "course organization", "organization", "organizer"),
        *("institution", "university", "platform", "offered by", "institucion", "instituicao"),
        *(
            "organisme",
            "etablissement",
            "anbieter",
            "организация",
            "开课单位",
            "الجهة",
            "penyelenggara",
        ),
    ),
    "language": (
        *("language", "languages", "course language", "langue", "langues", "idioma", "idiomas"),
        *("lang", "lingua", "sprache", "язык", "语言", "اللغة", "bahasa"),
    ),
    "subtitles": ("course subtitles", "subtitles", "sous titres", "subtitulos", "legendas"),
    "start": (
        *("start", "start date", "starts", "begin", "date", "debut", "date de debut", "inicio"),
        *("fecha de inicio", "data de inicio", "beginn", "начало", "开始时间", "data", "fecha"),
        *("datum", "дата", "日期", "التاريخ", "tanggal", "วันที่"),
    ),
    "end": ("end", "end date", "ends", "fin", "date de fin", "fim", "fecha de fin", "ende"),
    "hours": (
        *("hours", "time", "start time", "horario", "hora", "horaire", "heure", "uhrzeit", "zeit"),
        *("время", "时间", "الوقت", "waktu", "เวลา"),
    ),
    "zone": ("timezone", "time zone", "zone", "fuseau horaire", "zona horaria"),
    "audience": (
        *("audience", "target audience", "intended audience", "target group", "for whom"),
        *("educational role", "who is it for", "public", "public cible", "pour qui"),
        *("publico objetivo", "publico alvo", "dirigido a", "para quien", "destinatari"),
        *("zielgruppe", "целевая аудитория", "目标受众", "适用对象", "الفئة المستهدفة"),
        *("hedef kitle", "กลุ่มเป้าหมาย", "sasaran peserta", "लक्षित समूह", "walengwa"),
    ),
    "level": ("level", "course level", "course difficulty", "difficulty", "niveau", "nivel"),
    "mode": ("mode", "modality", "modalite", "modalidad", "modalidade", "delivery", "online"),
    "kind": ("kind", "type", "course type", "course certificate type", "types", "tipo"),
    "cost": ("cost basis", "is paid", "cost", "price", "cout", "prix", "costo", "precio", "custo"),
    "licence": (
        *("licence", "license", "rights", "licencia", "licenca", "lizenz", "licenza", "лицензия"),
        *("许可", "الترخيص", "lisensi"),
    ),
    "workload": (
        *("workload", "time required", "course time", "duration", "effort", "student effort"),
        *("content duration", "duree", "duracion", "carga horaria", "dauer", "课程负载"),
    ),
}
SUBJECTS = (
    *("subjects", "subject", "category", "sub category", "categories", "keywords", "topics"),
    *("topic", "course skills", "skills", "fields", "tematica", "theme", "thematique", "tema"),
    *("categorie", "categoria", "categorias", "kategorie", "kategori"),
    *("mots cles", "palabras clave", "themen", "тема", "课程分类", "الموضوع"),
)
FIELDS = frozenset((*ALIASES, "subjects"))
_NUMBERED = re.compile(r"(?:.* )?(?:subject|topic|keyword|category) \d+")


def guess_columns(headers: Sequence[str]) -> dict[str, list[str]]:
    """Guess which headers hold which field; at most one header a field but for subjects."""
    folded = {fold_phrase(header): header for header in reversed(headers) if header.strip()}
    guessed: dict[str, list[str]] = {}
    for field, aliases in ALIASES.items():
        names = (fold_phrase(alias) for alias in aliases)
        header = next((folded.pop(name) for name in names if name in folded), None)
        if header is not None:
            guessed[field] = [header]
    about = {fold_phrase(subject) for subject in SUBJECTS}
    subjects = [
        header for name, header in folded.items() if name in about or _NUMBERED.fullmatch(name)
    ]
    if subjects:
        guessed["subjects"] = sorted(subjects, key=list(headers).index)
    return guessed


def check_columns(columns: Columns, headers: Sequence[str]) -> None:
    """Refuse a table without titles, or without a column that was said to be there.

    Raises NotAFeed.
    """
    listed = clean_line(", ".join(headers), limit=300)
    for field, wanted in columns.items():
        if not set(wanted) & set(headers):
            missing = clean_line(", ".join(wanted) or field, limit=100)
            raise NotAFeed("no-such-column", column=missing, headers=listed)
    if "title" not in columns:
        raise NotAFeed("no-title-column", headers=listed)


def mapping_of(toml: str) -> tuple[dict[str, list[str]], dict[str, str]]:
    """Read a mapping: [columns] with our field = their header or headers, [defaults] with values.

    Raises ValueError with a sentence that says what is wrong.
    """
    told = tomllib.loads(toml)
    columns, defaults = _part(told, "columns"), _part(told, "defaults")
    strange = sorted({*told} - {"columns", "defaults"} | ({*columns, *defaults} - FIELDS))
    if strange:
        fields = ", ".join(sorted(FIELDS))
        raise ValueError(f"{strange[0]!r} is none of our fields, which are: {fields}.")
    listed = {
        field: [headers] if isinstance(headers, str) else [str(one) for one in headers]
        for field, headers in columns.items()
    }
    return listed, {field: str(value) for field, value in defaults.items()}


def _part(told: Mapping[str, Any], name: str) -> dict[str, Any]:
    part = told.get(name, {})
    if not isinstance(part, dict):
        raise ValueError(f"{name!r} is not a table: write [{name}] and a line for each field.")
    return part
