"""Sources and their approval, harvests as jobs, duplicates, links, fields edited by hand."""

from __future__ import annotations

import secrets

import sqlalchemy as sa
from alembic import op

import academy.db


revision = '28e2dd84f83e'
down_revision = '54e54fce1d2b'
branch_labels = None
depends_on = None


def _refer(table: str) -> None:
    """Give every row that is there an opaque reference."""
    rows = sa.table(table, sa.column('id', sa.Integer), sa.column('reference', sa.String))
    connection = op.get_bind()
    for key in connection.scalars(sa.select(rows.c.id)).all():
        given = rows.update().where(rows.c.id == key).values(reference=secrets.token_urlsafe(12))
        connection.execute(given)


def _allow(*states: str) -> None:
    """Let harvests stand like this, and no other way."""
    names = ', '.join(f"'{name}'" for name in states)
    with op.batch_alter_table('harvests', schema=None) as batch_op:
        batch_op.drop_constraint(batch_op.f('ck_harvests_harveststate'), type_='check')
        batch_op.create_check_constraint(batch_op.f('ck_harvests_harveststate'), f'state IN ({names})')


def upgrade() -> None:
    op.create_table('duplicate_pairs',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('first_id', sa.Integer(), nullable=False),
    sa.Column('second_id', sa.Integer(), nullable=False),
    sa.Column('reason', sa.Enum('identifier', 'address', 'title', name='reason', native_enum=False, create_constraint=True, length=24), nullable=False),
    sa.Column('score', sa.Integer(), nullable=False),
    sa.Column('decision', sa.Enum('open', 'same', 'different', name='decision', native_enum=False, create_constraint=True, length=24), nullable=False),
    sa.Column('found_at', academy.db.UtcDateTime(timezone=True), nullable=False),
    sa.Column('decided_at', academy.db.UtcDateTime(timezone=True), nullable=True),
    sa.Column('decided_by_id', sa.Integer(), nullable=True),
    sa.CheckConstraint('first_id < second_id', name=op.f('ck_duplicate_pairs_in_order')),
    sa.ForeignKeyConstraint(['decided_by_id'], ['people.id'], name=op.f('fk_duplicate_pairs_decided_by_id_people'), ondelete='SET NULL'),
    sa.ForeignKeyConstraint(['first_id'], ['offers.id'], name=op.f('fk_duplicate_pairs_first_id_offers'), ondelete='CASCADE'),
    sa.ForeignKeyConstraint(['second_id'], ['offers.id'], name=op.f('fk_duplicate_pairs_second_id_offers'), ondelete='CASCADE'),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_duplicate_pairs')),
    sa.UniqueConstraint('first_id', 'second_id', name=op.f('uq_duplicate_pairs_first_id'))
    )
    with op.batch_alter_table('duplicate_pairs', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_duplicate_pairs_decision'), ['decision'], unique=False)
        batch_op.create_index(batch_op.f('ix_duplicate_pairs_second_id'), ['second_id'], unique=False)

    op.create_table('field_origins',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('offer_id', sa.Integer(), nullable=False),
    sa.Column('field', sa.String(length=120), nullable=False),
    sa.Column('upstream', sa.JSON(), nullable=False),
    sa.Column('told_at', academy.db.UtcDateTime(timezone=True), nullable=True),
    sa.Column('released_at', academy.db.UtcDateTime(timezone=True), nullable=True),
    sa.ForeignKeyConstraint(['offer_id'], ['offers.id'], name=op.f('fk_field_origins_offer_id_offers'), ondelete='CASCADE'),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_field_origins')),
    sa.UniqueConstraint('offer_id', 'field', name=op.f('uq_field_origins_offer_id'))
    )
    op.create_table('link_checks',
    sa.Column('offer_id', sa.Integer(), nullable=False),
    sa.Column('address', sa.String(length=2000), nullable=False),
    sa.Column('answered', sa.Enum('fine', 'sign-in', 'later', 'strike', name='answered', native_enum=False, create_constraint=True, length=24), nullable=False),
    sa.Column('reason', sa.String(length=40), nullable=False),
    sa.Column('strikes', sa.Integer(), nullable=False),
    sa.Column('struck_on', sa.Date(), nullable=True),
    sa.Column('checked_at', academy.db.UtcDateTime(timezone=True), nullable=False),
    sa.Column('due_at', academy.db.UtcDateTime(timezone=True), nullable=False),
    sa.ForeignKeyConstraint(['offer_id'], ['offers.id'], name=op.f('fk_link_checks_offer_id_offers'), ondelete='CASCADE'),
    sa.PrimaryKeyConstraint('offer_id', name=op.f('pk_link_checks'))
    )
    with op.batch_alter_table('link_checks', schema=None) as batch_op:
        batch_op.create_index('ix_link_checks_due_at', ['due_at'], unique=False)

    op.create_table('offer_keys',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('offer_id', sa.Integer(), nullable=False),
    sa.Column('sort', sa.Enum('address', 'course', 'event', 'video', 'doi', 'title', name='keysort', native_enum=False, create_constraint=True, length=24), nullable=False),
    sa.Column('value', sa.String(length=64), nullable=False),
    sa.Column('noted_at', academy.db.UtcDateTime(timezone=True), nullable=False),
    sa.ForeignKeyConstraint(['offer_id'], ['offers.id'], name=op.f('fk_offer_keys_offer_id_offers'), ondelete='CASCADE'),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_offer_keys')),
    sa.UniqueConstraint('offer_id', 'sort', 'value', name=op.f('uq_offer_keys_offer_id'))
    )
    with op.batch_alter_table('offer_keys', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_offer_keys_value'), ['value'], unique=False)

    op.create_table('pushed_messages',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('source_id', sa.Integer(), nullable=False),
    sa.Column('message', sa.String(length=200), nullable=False),
    sa.Column('received_at', academy.db.UtcDateTime(timezone=True), nullable=False),
    sa.ForeignKeyConstraint(['source_id'], ['sources.id'], name=op.f('fk_pushed_messages_source_id_sources'), ondelete='CASCADE'),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_pushed_messages')),
    sa.UniqueConstraint('source_id', 'message', name=op.f('uq_pushed_messages_source_id'))
    )
    op.create_table('source_pages',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('source_id', sa.Integer(), nullable=False),
    sa.Column('address_digest', sa.String(length=64), nullable=False),
    sa.Column('etag', sa.String(length=500), nullable=False),
    sa.Column('last_modified', sa.String(length=500), nullable=False),
    sa.Column('content_digest', sa.String(length=64), nullable=False),
    sa.Column('following', sa.JSON(), nullable=False),
    sa.Column('rejected', sa.Integer(), nullable=False),
    sa.Column('refused', sa.JSON(), nullable=False),
    sa.Column('repeated', sa.JSON(), nullable=False),
    sa.Column('changed_at', academy.db.UtcDateTime(timezone=True), nullable=False),
    sa.ForeignKeyConstraint(['source_id'], ['sources.id'], name=op.f('fk_source_pages_source_id_sources'), ondelete='CASCADE'),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_source_pages')),
    sa.UniqueConstraint('source_id', 'address_digest', name=op.f('uq_source_pages_source_id'))
    )
    with op.batch_alter_table('harvests', schema=None) as batch_op:
        batch_op.add_column(sa.Column('reference', sa.String(length=22), nullable=True))
        batch_op.add_column(sa.Column('code', sa.String(length=40), nullable=True))
        batch_op.add_column(sa.Column('details', sa.JSON(), nullable=True))
        batch_op.add_column(sa.Column('record', sa.String(length=2000), nullable=True))
        batch_op.add_column(sa.Column('allowed', sa.Boolean(), nullable=True))
        batch_op.add_column(sa.Column('whole', sa.Boolean(), nullable=True))
        batch_op.add_column(sa.Column('asked_at', academy.db.UtcDateTime(timezone=True), nullable=True))
        batch_op.add_column(sa.Column('asked_by_id', sa.Integer(), nullable=True))
        batch_op.add_column(sa.Column('leased_until', academy.db.UtcDateTime(timezone=True), nullable=True))
        batch_op.add_column(sa.Column('not_before', academy.db.UtcDateTime(timezone=True), nullable=True))
        batch_op.add_column(sa.Column('attempts', sa.Integer(), nullable=True))
        batch_op.add_column(sa.Column('stop_asked', sa.Boolean(), nullable=True))
        batch_op.add_column(sa.Column('at_once', sa.Boolean(), nullable=True))
        batch_op.add_column(sa.Column('pages', sa.Integer(), nullable=True))
        batch_op.add_column(sa.Column('vanished', sa.Integer(), nullable=True))
        batch_op.add_column(sa.Column('locked', sa.Integer(), nullable=True))
        batch_op.add_column(sa.Column('findings_kept', sa.Integer(), nullable=True))

    _refer('harvests')
    op.execute("UPDATE harvests SET code = '', details = '{}', record = '', allowed = false, whole = false, asked_at = started_at, attempts = 0, stop_asked = false, at_once = false, pages = 0, vanished = 0, locked = 0, findings_kept = 0")
    with op.batch_alter_table('harvests', schema=None) as batch_op:
        batch_op.alter_column('reference', existing_type=sa.String(length=22), nullable=False)
        batch_op.alter_column('code', existing_type=sa.String(length=40), nullable=False)
        batch_op.alter_column('details', existing_type=sa.JSON(), nullable=False)
        batch_op.alter_column('record', existing_type=sa.String(length=2000), nullable=False)
        batch_op.alter_column('allowed', existing_type=sa.Boolean(), nullable=False)
        batch_op.alter_column('whole', existing_type=sa.Boolean(), nullable=False)
        batch_op.alter_column('asked_at', existing_type=academy.db.UtcDateTime(timezone=True), nullable=False)
        batch_op.alter_column('attempts', existing_type=sa.Integer(), nullable=False)
        batch_op.alter_column('stop_asked', existing_type=sa.Boolean(), nullable=False)
        batch_op.alter_column('at_once', existing_type=sa.Boolean(), nullable=False)
        batch_op.alter_column('pages', existing_type=sa.Integer(), nullable=False)
        batch_op.alter_column('vanished', existing_type=sa.Integer(), nullable=False)
        batch_op.alter_column('locked', existing_type=sa.Integer(), nullable=False)
        batch_op.alter_column('findings_kept', existing_type=sa.Integer(), nullable=False)
        batch_op.alter_column('started_at', existing_type=academy.db.UtcDateTime(timezone=True), nullable=True)
        batch_op.create_index('ix_harvests_state_source', ['state', 'source_id'], unique=False)
        batch_op.create_unique_constraint(batch_op.f('uq_harvests_reference'), ['reference'])
        batch_op.create_foreign_key(batch_op.f('fk_harvests_asked_by_id_people'), 'people', ['asked_by_id'], ['id'], ondelete='SET NULL')

    _allow('queued', 'running', 'done', 'failed', 'held', 'aborted')

    with op.batch_alter_table('offers', schema=None) as batch_op:
        batch_op.add_column(sa.Column('licence', sa.String(length=200), nullable=True))
        batch_op.add_column(sa.Column('vanished_at', academy.db.UtcDateTime(timezone=True), nullable=True))
        batch_op.add_column(sa.Column('broken_at', academy.db.UtcDateTime(timezone=True), nullable=True))

    op.execute("UPDATE offers SET licence = ''")
    with op.batch_alter_table('offers', schema=None) as batch_op:
        batch_op.alter_column('licence', existing_type=sa.String(length=200), nullable=False)
        batch_op.create_index(batch_op.f('ix_offers_canonical_id'), ['canonical_id'], unique=False)

    with op.batch_alter_table('source_records', schema=None) as batch_op:
        batch_op.add_column(sa.Column('page_id', sa.Integer(), nullable=True))
        batch_op.add_column(sa.Column('codes', sa.JSON(), nullable=True))
        batch_op.add_column(sa.Column('missing', sa.Integer(), nullable=True))
        batch_op.add_column(sa.Column('missed_in', sa.Integer(), nullable=True))
        batch_op.add_column(sa.Column('archived', sa.Boolean(), nullable=True))

    # Their codes were not kept: the next harvest writes each record anew.
    op.execute("UPDATE source_records SET codes = '{}', missing = 0, archived = false, fingerprint = ''")
    with op.batch_alter_table('source_records', schema=None) as batch_op:
        batch_op.alter_column('codes', existing_type=sa.JSON(), nullable=False)
        batch_op.alter_column('missing', existing_type=sa.Integer(), nullable=False)
        batch_op.alter_column('archived', existing_type=sa.Boolean(), nullable=False)
        batch_op.create_index(batch_op.f('ix_source_records_page_id'), ['page_id'], unique=False)
        batch_op.create_foreign_key(batch_op.f('fk_source_records_page_id_source_pages'), 'source_pages', ['page_id'], ['id'], ondelete='SET NULL')

    with op.batch_alter_table('word_mappings', schema=None) as batch_op:
        batch_op.add_column(sa.Column('changed_at', academy.db.UtcDateTime(timezone=True), nullable=True))
        batch_op.add_column(sa.Column('retagged_at', academy.db.UtcDateTime(timezone=True), nullable=True))
        batch_op.add_column(sa.Column('withdrawn', sa.Boolean(), nullable=True))

    op.execute("UPDATE word_mappings SET withdrawn = false")
    with op.batch_alter_table('word_mappings', schema=None) as batch_op:
        batch_op.alter_column('withdrawn', existing_type=sa.Boolean(), nullable=False)

    with op.batch_alter_table('sources', schema=None) as batch_op:
        batch_op.add_column(sa.Column('reference', sa.String(length=22), nullable=True))
        batch_op.add_column(sa.Column('address', sa.String(length=2000), nullable=True))
        batch_op.add_column(sa.Column('schedule', sa.Enum('hourly', 'daily', 'weekly', 'by-hand', name='schedule', native_enum=False, create_constraint=True, length=24), nullable=True))
        batch_op.add_column(sa.Column('state', sa.Enum('requested', 'approved', 'paused', name='sourcestate', native_enum=False, create_constraint=True, length=24), nullable=True))
        batch_op.add_column(sa.Column('default_language', sa.String(length=35), nullable=True))
        batch_op.add_column(sa.Column('default_licence', sa.String(length=200), nullable=True))
        batch_op.add_column(sa.Column('encoding', sa.String(length=40), nullable=True))
        batch_op.add_column(sa.Column('columns', sa.JSON(), nullable=True))
        batch_op.add_column(sa.Column('zone_names', sa.JSON(), nullable=True))
        batch_op.add_column(sa.Column('secret', sa.LargeBinary(), nullable=True))
        batch_op.add_column(sa.Column('push_secret', sa.LargeBinary(), nullable=True))
        batch_op.add_column(sa.Column('asked_by_id', sa.Integer(), nullable=True))
        batch_op.add_column(sa.Column('approved_by_id', sa.Integer(), nullable=True))
        batch_op.add_column(sa.Column('note', sa.Text(), nullable=True))
        batch_op.add_column(sa.Column('changed_at', academy.db.UtcDateTime(timezone=True), nullable=True))
        batch_op.add_column(sa.Column('approved_at', academy.db.UtcDateTime(timezone=True), nullable=True))
        batch_op.add_column(sa.Column('due_at', academy.db.UtcDateTime(timezone=True), nullable=True))
        batch_op.add_column(sa.Column('whole_at', academy.db.UtcDateTime(timezone=True), nullable=True))
        batch_op.add_column(sa.Column('cursor', academy.db.UtcDateTime(timezone=True), nullable=True))
        batch_op.add_column(sa.Column('failures', sa.Integer(), nullable=True))
        batch_op.add_column(sa.Column('words_used', sa.Integer(), nullable=True))
        batch_op.add_column(sa.Column('words_covered', sa.Integer(), nullable=True))

    _refer('sources')
    op.execute("UPDATE sources SET address = '', schedule = 'by-hand', state = 'approved', default_language = '', default_licence = '', encoding = '', \"columns\" = '{}', zone_names = '{}', note = '', changed_at = added_at, failures = 0, words_used = 0, words_covered = 0")
    with op.batch_alter_table('sources', schema=None) as batch_op:
        batch_op.alter_column('reference', existing_type=sa.String(length=22), nullable=False)
        batch_op.alter_column('address', existing_type=sa.String(length=2000), nullable=False)
        batch_op.alter_column('schedule', existing_type=sa.String(length=24), nullable=False)
        batch_op.alter_column('state', existing_type=sa.String(length=24), nullable=False)
        batch_op.alter_column('default_language', existing_type=sa.String(length=35), nullable=False)
        batch_op.alter_column('default_licence', existing_type=sa.String(length=200), nullable=False)
        batch_op.alter_column('encoding', existing_type=sa.String(length=40), nullable=False)
        batch_op.alter_column('columns', existing_type=sa.JSON(), nullable=False)
        batch_op.alter_column('zone_names', existing_type=sa.JSON(), nullable=False)
        batch_op.alter_column('note', existing_type=sa.Text(), nullable=False)
        batch_op.alter_column('changed_at', existing_type=academy.db.UtcDateTime(timezone=True), nullable=False)
        batch_op.alter_column('failures', existing_type=sa.Integer(), nullable=False)
        batch_op.alter_column('words_used', existing_type=sa.Integer(), nullable=False)
        batch_op.alter_column('words_covered', existing_type=sa.Integer(), nullable=False)
        batch_op.create_index('ix_sources_state_due', ['state', 'due_at'], unique=False)
        batch_op.create_unique_constraint(batch_op.f('uq_sources_reference'), ['reference'])
        batch_op.create_foreign_key(batch_op.f('fk_sources_asked_by_id_people'), 'people', ['asked_by_id'], ['id'], ondelete='SET NULL')
        batch_op.create_foreign_key(batch_op.f('fk_sources_approved_by_id_people'), 'people', ['approved_by_id'], ['id'], ondelete='SET NULL')


def downgrade() -> None:
    with op.batch_alter_table('word_mappings', schema=None) as batch_op:
        batch_op.drop_column('withdrawn')
        batch_op.drop_column('retagged_at')
        batch_op.drop_column('changed_at')

    with op.batch_alter_table('sources', schema=None) as batch_op:
        batch_op.drop_constraint(batch_op.f('fk_sources_approved_by_id_people'), type_='foreignkey')
        batch_op.drop_constraint(batch_op.f('fk_sources_asked_by_id_people'), type_='foreignkey')
        batch_op.drop_constraint(batch_op.f('uq_sources_reference'), type_='unique')
        batch_op.drop_index('ix_sources_state_due')
        batch_op.drop_constraint(batch_op.f('ck_sources_schedule'), type_='check')
        batch_op.drop_constraint(batch_op.f('ck_sources_sourcestate'), type_='check')
        batch_op.drop_column('words_covered')
        batch_op.drop_column('words_used')
        batch_op.drop_column('failures')
        batch_op.drop_column('cursor')
        batch_op.drop_column('whole_at')
        batch_op.drop_column('due_at')
        batch_op.drop_column('approved_at')
        batch_op.drop_column('changed_at')
        batch_op.drop_column('note')
        batch_op.drop_column('approved_by_id')
        batch_op.drop_column('asked_by_id')
        batch_op.drop_column('push_secret')
        batch_op.drop_column('secret')
        batch_op.drop_column('zone_names')
        batch_op.drop_column('columns')
        batch_op.drop_column('encoding')
        batch_op.drop_column('default_licence')
        batch_op.drop_column('default_language')
        batch_op.drop_column('state')
        batch_op.drop_column('schedule')
        batch_op.drop_column('address')
        batch_op.drop_column('reference')

    with op.batch_alter_table('source_records', schema=None) as batch_op:
        batch_op.drop_constraint(batch_op.f('fk_source_records_page_id_source_pages'), type_='foreignkey')
        batch_op.drop_index(batch_op.f('ix_source_records_page_id'))
        batch_op.drop_column('archived')
        batch_op.drop_column('missed_in')
        batch_op.drop_column('missing')
        batch_op.drop_column('codes')
        batch_op.drop_column('page_id')

    with op.batch_alter_table('offers', schema=None) as batch_op:
        batch_op.drop_index(batch_op.f('ix_offers_canonical_id'))
        batch_op.drop_column('broken_at')
        batch_op.drop_column('vanished_at')
        batch_op.drop_column('licence')

    op.execute("DELETE FROM findings WHERE harvest_id IN (SELECT id FROM harvests WHERE state = 'queued')")
    op.execute("DELETE FROM harvests WHERE state = 'queued'")
    op.execute("UPDATE harvests SET state = 'failed' WHERE state IN ('held', 'aborted')")
    op.execute('UPDATE harvests SET started_at = asked_at WHERE started_at IS NULL')
    _allow('running', 'done', 'failed')
    with op.batch_alter_table('harvests', schema=None) as batch_op:
        batch_op.drop_constraint(batch_op.f('fk_harvests_asked_by_id_people'), type_='foreignkey')
        batch_op.drop_constraint(batch_op.f('uq_harvests_reference'), type_='unique')
        batch_op.drop_index('ix_harvests_state_source')
        batch_op.alter_column('started_at', existing_type=academy.db.UtcDateTime(timezone=True), nullable=False)
        batch_op.drop_column('findings_kept')
        batch_op.drop_column('locked')
        batch_op.drop_column('vanished')
        batch_op.drop_column('pages')
        batch_op.drop_column('at_once')
        batch_op.drop_column('stop_asked')
        batch_op.drop_column('attempts')
        batch_op.drop_column('not_before')
        batch_op.drop_column('leased_until')
        batch_op.drop_column('asked_by_id')
        batch_op.drop_column('asked_at')
        batch_op.drop_column('whole')
        batch_op.drop_column('allowed')
        batch_op.drop_column('record')
        batch_op.drop_column('details')
        batch_op.drop_column('code')
        batch_op.drop_column('reference')

    op.drop_table('source_pages')
    op.drop_table('pushed_messages')
    with op.batch_alter_table('offer_keys', schema=None) as batch_op:
        batch_op.drop_index(batch_op.f('ix_offer_keys_value'))

    op.drop_table('offer_keys')
    with op.batch_alter_table('link_checks', schema=None) as batch_op:
        batch_op.drop_index('ix_link_checks_due_at')

    op.drop_table('link_checks')
    op.drop_table('field_origins')
    with op.batch_alter_table('duplicate_pairs', schema=None) as batch_op:
        batch_op.drop_index(batch_op.f('ix_duplicate_pairs_second_id'))
        batch_op.drop_index(batch_op.f('ix_duplicate_pairs_decision'))

    op.drop_table('duplicate_pairs')
