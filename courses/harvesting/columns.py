"""Which column means what: a guess from the headers, in the languages partners write."""

from __future__ import annotations

import re
from collections.abc import Sequence

from academy.text import fold_phrase

# Earlier words win over later ones; all are compared folded.
ALIASES: dict[str, tuple[str, ...]] = {
    "id": ("id", "identifier", "course id", "readable id", "source id", "code", "identifiant"),
    "title": (
        *("title", "name", "course name", "course title", "titre", "intitule", "titulo", "nombre"),
        *("nome", "titel", "bezeichnung", "название", "标题", "课程名称", "العنوان", "judul"),
    ),
    "summary": ("summary", "course summary", "resume", "resumen", "resumo", "subtitle"),
    "description": (
        *("description", "course description", "descripcion", "descricao", "beschreibung"),
        *("teacher overview", "overview", "about", "описание", "课程描述", "简介", "الوصف"),
    ),
    "url": (
        *("url", "link", "course url", "course link", "address", "website", "lien", "enlace"),
        *("adresse", "ссылка", "课程链接", "链接", "الرابط", "tautan"),
    ),
    "provider": (
        *("provider", "university name", "course organization", "organization", "organizer"),
        *("institution", "university", "platform", "offered by", "institucion", "instituicao"),
        *("organisme", "etablissement", "anbieter", "организация", "开课单位", "الجهة"),
    ),
    "language": (
        *("language", "languages", "course language", "langue", "langues", "idioma", "idiomas"),
        *("sprache", "язык", "语言", "اللغة", "bahasa"),
    ),
    "subtitles": ("course subtitles", "subtitles", "sous titres", "subtitulos", "legendas"),
    "start": (
        *("start", "start date", "starts", "begin", "date", "debut", "date de debut", "inicio"),
        *("fecha de inicio", "data de inicio", "beginn", "начало", "开始时间"),
    ),
    "end": ("end", "end date", "ends", "fin", "date de fin", "fim", "fecha de fin", "ende"),
    "zone": ("timezone", "time zone", "zone", "fuseau horaire", "zona horaria"),
    "level": ("level", "course level", "course difficulty", "difficulty", "niveau", "nivel"),
    "mode": ("mode", "modality", "modalite", "modalidad", "modalidade", "delivery", "online"),
    "kind": ("kind", "type", "course type", "course certificate type", "types", "tipo"),
    "cost": ("cost", "is paid", "price", "cost basis", "cout", "costo", "custo"),
    "workload": (
        *("workload", "time required", "course time", "duration", "effort", "student effort"),
        *("content duration", "duree", "duracion", "carga horaria", "dauer", "课程负载"),
    ),
}
SUBJECTS = (
    *("subjects", "subject", "category", "sub category", "categories", "keywords", "topics"),
    *("topic", "course skills", "skills", "fields", "tematica", "theme", "thematique", "tema"),
    *("mots cles", "palabras clave", "themen", "тема", "课程分类", "الموضوع"),
)
_NUMBERED = re.compile(r"^(?:edx )?(subject|topic|keyword|category) \d+$")


def guess_columns(headers: Sequence[str]) -> dict[str, list[str]]:
    """Guess which headers hold which field; at most one header a field but for subjects."""
    folded = {fold_phrase(header): header for header in reversed(headers) if header.strip()}
    guessed: dict[str, list[str]] = {}
    taken: set[str] = set()
    for field, aliases in ALIASES.items():
        for alias in aliases:
            if alias in folded and alias not in taken:
                guessed[field] = [folded[alias]]
                taken.add(alias)
                break
    subjects = [
        header
        for name, header in folded.items()
        if name not in taken and (name in SUBJECTS or _NUMBERED.match(name))
    ]
    if subjects:
        guessed["subjects"] = sorted(subjects, key=list(headers).index)
    return guessed
