"""What can be done with a spreadsheet: look at it row by row, publish it, undo that."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime

from flask_babel import lazy_gettext as _l
from sqlalchemy import delete, select, update

from academy import audit
from academy.accounts.models import Person
from academy.db import db
from academy.institutions.models import Institution
from academy.text import clean_line
from courses.catalogue.models import Kind, Offer
from courses.editing import operations as editing
from courses.editing import queries as edited
from courses.editing.fields import changes_between, fields_of
from courses.editing.form import Content, form_of
from courses.editing.models import VersionSource
from courses.editing.operations import Beginning
from courses.editing.rules import state_seen
from courses.uploads import queries, rules
from courses.uploads.fields import columns_of
from courses.uploads.models import RowState, Upload, UploadRow, UploadState
from courses.uploads.reading import Problems, RowReader, problems_with
from courses.uploads.revising import as_new, revised
from courses.uploads.sheet import NotASheet, Sheet
from courses.vocabularies.queries import vocabularies

PUBLISHING = (RowState.NEW, RowState.CHANGED)
REPEATED = _l("Another row above has the same number.")
IN_WORK = _l("Somebody is editing this offer: publish or throw away that draft first.")


@dataclass(frozen=True, slots=True)
class Given:
    """A file as it was given by hand, and the sheet that was read in it."""

    name: str
    content: bytes
    sheet: Sheet

    @property
    def digest(self) -> str:
        """What tells this file from others."""
        return hashlib.sha256(self.content).hexdigest()


@dataclass(frozen=True, slots=True)
class Meant:
    """What a row means: the form it would publish, what is wrong, which offer, what it would do."""

    form: Content
    problems: Problems
    offer: Offer | None
    state: RowState


def check(institution: Institution, given: Given, *, person: Person, now: datetime) -> Upload:
    """Keep a sheet; nothing of it is in the catalogue yet, and `states_now` looks at its rows.

    The same file again is the same upload, as long as it is not published. Raises NotASheet.
    """
    same = queries.same_upload(institution, given.digest)
    if same is not None:
        return same
    columns = columns_of(given.sheet.headers)
    if "title" not in columns:
        headers = clean_line(", ".join(given.sheet.headers), limit=300)
        raise NotASheet(
            _l("No column holds a title. The columns are: %(headers)s.", headers=headers)
        )
    upload = Upload(columns=columns, digest=given.digest, uploaded_at=now)
    upload.institution_id, upload.person_id = institution.id, person.id
    upload.name = clean_line(given.name, limit=200) or "-"
    db.session.add(upload)
    db.session.flush()
    _add_rows(upload, given.sheet)
    return upload


def _add_rows(upload: Upload, found: Sheet) -> None:
    columns = upload.columns
    for line, cells in found.rows:
        title = clean_line(cells.get(columns["title"], ""))
        own = clean_line(cells.get(columns.get("id", ""), ""))
        row = UploadRow(line=line, external_id=own, title=title, cells=cells)
        row.upload_id, row.state = upload.id, RowState.NEW
        db.session.add(row)
    db.session.flush()


def states_now(upload: Upload, institution: Institution, person: Person) -> dict[int, RowState]:
    """Tell what each row would do now, by its key; in no unit of work, for it takes seconds."""
    rows = queries.rows_of(upload)
    return {row.id: meant.state for row, meant in meanings(upload, institution, person, rows)}


def keep_states(upload: Upload, states: Mapping[int, RowState]) -> None:
    """Keep what each row would do; what was published meanwhile stays as it is."""
    waiting = update(UploadRow).where(UploadRow.upload_id == upload.id, UploadRow.version.is_(None))
    for state in RowState:
        keys = [key for key, found in states.items() if found is state]
        db.session.execute(waiting.where(UploadRow.id.in_(keys)).values(state=state))


def meanings(
    upload: Upload, institution: Institution, person: Person, rows: Iterable[UploadRow]
) -> Iterator[tuple[UploadRow, Meant]]:
    """Say of each row what it means now."""
    reader = RowReader(upload.columns, vocabularies(), person.zone)
    repeated = _repeated(upload)
    for row in rows:
        told, problems = reader.read(row.cells)
        if row.id in repeated:
            problems["id"] = REPEATED
        yield row, _meant(reader, institution, row, told, problems)


def publish(
    upload: Upload, institution: Institution, line: int, *, person: Person, now: datetime
) -> bool:
    """Publish one row, as if somebody had filled in the form; tells whether it did anything.

    A row that was published is not published again, nor one with a problem.
    """
    row = _held_row(upload, line)
    if upload.state is UploadState.UNDONE:
        raise rules.UndoneAlready
    if row.version is not None or row.state not in PUBLISHING:
        return False
    [(_row, meant)] = meanings(upload, institution, person, [row])
    if meant.state not in PUBLISHING:
        row.state = meant.state
        return False
    offer = meant.offer
    if offer is None:
        wanted = _beginning(upload, row, meant.form)
        begun = editing.begin(institution, wanted, person=person, now=now)
        offer = edited.offer_at(institution, begun.slug)
    seen = state_seen(offer, edited.copy_of(offer))
    editing.save(offer, meant.form, seen=seen, person=person, now=now)
    editing.publish(offer, person=person, now=now, source=VersionSource.UPLOAD)
    row.offer_id, row.state = offer.id, meant.state
    row.version = edited.last_numbers([offer.id]).get(offer.id, 0)
    db.session.flush()
    return True


def settle(upload: Upload, *, person: Person, now: datetime) -> None:
    """Say that all rows that could be published are. Twice is once."""
    if upload.state is UploadState.CHECKED:
        upload.state, upload.published_at = UploadState.PUBLISHED, now
        audit.note("upload-published", f"upload:{upload.reference}", by=person, now=now)


def check_may_undo(upload: Upload, now: datetime) -> None:
    """Refuse to undo what is too old. Raises TooLateToUndo."""
    if not rules.can_be_undone(upload, now):
        raise rules.TooLateToUndo


def undo(
    upload: Upload, institution: Institution, line: int, *, person: Person, now: datetime
) -> bool:
    """Undo one row: what was new is withdrawn, what was changed is as before.

    What somebody has changed since stays; tells whether the row is undone.
    """
    row = _held_row(upload, line)
    if row.version is None or row.offer_id is None:
        return False
    slug = db.session.scalar(select(Offer.slug).where(Offer.id == row.offer_id)) or ""
    offer = edited.offer_at(institution, slug)
    if edited.last_numbers([offer.id]).get(offer.id, 0) != row.version or edited.copy_of(offer):
        return False
    if row.state is RowState.NEW:
        editing.withdraw(offer, person=person, now=now)
    else:
        editing.restore(offer, row.version - 1, person=person, now=now)
        editing.publish(offer, person=person, now=now)
    row.version = None
    db.session.flush()
    return True


def settle_undone(upload: Upload, *, person: Person, now: datetime) -> None:
    """Say that the upload is undone. Twice is once."""
    if upload.state is UploadState.PUBLISHED:
        upload.state, upload.undone_at = UploadState.UNDONE, now
        audit.note("upload-undone", f"upload:{upload.reference}", by=person, now=now)


def forget_old_uploads(*, now: datetime) -> None:
    """Remove uploads that nobody published in a month."""
    old = Upload.uploaded_at <= now - rules.KEPT_FOR
    db.session.execute(delete(Upload).where(old, Upload.state == UploadState.CHECKED))


def _held_row(upload: Upload, line: int) -> UploadRow:
    """Find a row and hold it: of two who press at once, the second sees what the first did."""
    row = select(UploadRow).where(UploadRow.upload_id == upload.id, UploadRow.line == line)
    return db.session.scalars(row.with_for_update()).one()


def _meant(
    reader: RowReader, institution: Institution, row: UploadRow, told: Content, problems: Problems
) -> Meant:
    offer = queries.offers_meant(
        institution,
        external_id=row.external_id,
        address=told["address"],
        title=row.title,
        language=told["language"],
    )
    live = form_of(offer) if offer else None
    form = revised(live, told) if live else as_new(told)
    if offer is not None and edited.copy_of(offer) is not None:
        problems["title"] = IN_WORK
    for field, sentence in problems_with(form, reader.vocabulary).items():
        problems.setdefault(field, sentence)
    if problems:
        return Meant(form, problems, offer, RowState.FAULTY)
    if live is None:
        return Meant(form, problems, None, RowState.NEW)
    changed = changes_between(fields_of(live), fields_of(form))
    shown = offer is not None and offer.published_at is not None
    state = RowState.CHANGED if changed or not shown else RowState.UNCHANGED
    return Meant(form, problems, offer, state)


def _repeated(upload: Upload) -> set[int]:
    seen: set[str] = set()
    repeated: set[int] = set()
    rows = select(UploadRow.id, UploadRow.external_id).where(UploadRow.upload_id == upload.id)
    for key, own in db.session.execute(rows.order_by(UploadRow.line)):
        if own and own in seen:
            repeated.add(key)
        seen.add(own)
    return repeated


def _beginning(upload: Upload, row: UploadRow, form: Content) -> Beginning:
    key = f"upload {upload.reference} {row.line}"
    return Beginning(Kind(form["kind"]), row.title, form["language"], key)
