"""What somebody who looked at the real tables knows of them, and an adapter has to find out."""

from __future__ import annotations

from dataclasses import dataclass, field


@dataclass(frozen=True)
class Known:
    """How a file is written, which columns mean what, and what must come of it."""

    columns: dict[str, list[str]]
    encoding: str = "utf-8"
    delimiter: str = ","
    added: int = 0
    rejected: int = 0
    held: int = 0
    named: dict[str, str] = field(default_factory=dict)
    """Where a column names the language: some of its words, and what they mean."""
    mostly: str = ""
    """Where no column does: the language nearly all records are in."""


CHINESE = {
    "title": ["课程名称"],
    "url": ["课程链接"],
    "provider": ["开课单位"],
    "workload": ["课程负载"],
    "subjects": ["课程分类"],
}
FILES = {
    "acad_inpi_cursos.csv": Known(
        encoding="utf-8-sig",
        delimiter=";",
        columns={
            "title": ["Título"],
            "url": ["Link"],
            "provider": ["Instituição"],
            "mode": ["Modalidade"],
            "audience": ["Público-Alvo"],
            "workload": ["Carga Horária"],
            "subjects": ["Temática"],
        },
        # One course stands there once a subject; 45 of the repetitions say otherwise.
        added=274,
        rejected=45,
        held=37,
        mostly="pt",
    ),
    "classcentral_datascience.csv": Known(
        columns={
            "title": ["course_name"],
            "url": ["url"],
            "provider": ["platform"],
            "language": ["language"],
        },
        added=2069,
        named={"English": "en", "Spanish": "es", "Russian": "ru", "Chinese": "zh", "Thai": "th"},
    ),
    "coursera_2023_descriptions.csv": Known(
        columns={
            "title": ["course_title"],
            "summary": ["course_summary"],
            "description": ["course_description"],
            "url": ["course_url"],
            "provider": ["course_organization"],
            "level": ["course_difficulty"],
            "kind": ["course_certificate_type"],
            "workload": ["course_time"],
            "subjects": ["course_skills"],
        },
        added=350,
        mostly="en",
    ),
    "coursera_catalogue_2021.csv": Known(
        columns={
            "title": ["course_name"],
            "url": ["link"],
            "provider": ["university_name"],
            "language": ["course_language"],
            "subtitles": ["course_subtitles"],
            "level": ["course_level"],
            "kind": ["course_type"],
            "workload": ["time_required"],
            "subjects": ["course_skills", "category", "sub_category"],
        },
        added=2858,
        held=21,
        named={
            "English": "en",
            "Portuguese (Brazilian)": "pt-BR",
            "Chinese (Simplified)": "zh-Hans",
            "Chinese (Traditional)": "zh-Hant",
            "Arabic": "ar",
        },
    ),
    "icourse163_zh.csv": Known(columns=CHINESE, added=1219, held=1, mostly="zh"),
    "icourse163_zh.gb18030.csv": Known(columns=CHINESE, encoding="gb18030", added=300, mostly="zh"),
    "mit_open_learning_library.csv": Known(
        columns={
            "id": ["readable_id"],
            "title": ["title"],
            "description": ["description"],
            "url": ["url"],
            "provider": ["Offered by"],
            "language": ["Language"],
            "level": ["Level"],
            "workload": ["Duration"],
            "subjects": [
                *("edX Subject 1", "edX Subject 2", "edX Subject 3"),
                *("OCW Pointer Page Topic 1", "OCW Pointer Page Topic 2"),
            ],
        },
        added=64,
        named={"English": "en", "Spanish": "es"},
    ),
    "nci_events.csv": Known(
        columns={
            "title": ["Title"],
            "summary": ["Subtitle"],
            "description": ["Description"],
            "url": ["URL"],
            "provider": ["Organizer"],
            "start": ["Start"],
            "end": ["End"],
            "zone": ["Timezone"],
            "mode": ["Online"],
            "kind": ["Types"],
            "cost": ["Cost Basis"],
            "workload": ["Duration"],
            "subjects": ["Fields", "Keywords"],
        },
        added=14,
        mostly="en",
    ),
    "oer_commons_a.csv": Known(
        delimiter=";",
        columns={
            "title": ["NAME"],
            "description": ["TEACHER_OVERVIEW"],
            "url": ["URL"],
            "provider": ["PROVIDER"],
            "language": ["LANGUAGES"],
            "subjects": ["SUBJECTS", "KEYWORDS"],
        },
        added=599,
        rejected=1,
        named={"de": "de", "en": "en"},
    ),
    "udemy_2017.csv": Known(
        columns={
            "id": ["course_id"],
            "title": ["course_title"],
            "url": ["url"],
            "level": ["level"],
            "cost": ["is_paid"],
            "workload": ["content_duration"],
            "subjects": ["subject"],
        },
        # Two titles run on through the next record: a quote was lost when the table was made.
        added=1835,
        rejected=2,
        held=223,
        mostly="en",
    ),
}
