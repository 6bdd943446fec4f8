"""Batches of jobs on several machines, an index in the database, webhooks, and the mark of DATA_DIR."""

import sqlalchemy as sa
from alembic import op

revision = "0007"
down_revision = "0006"
branch_labels = None
depends_on = None

Whole = sa.BigInteger().with_variant(sa.Integer(), "sqlite")


def upgrade() -> None:
    op.create_table(
        "installation",
        sa.Column("id", Whole, autoincrement=False, nullable=False),
        sa.Column("mark", sa.String(length=36), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_installation")),
    )
    _jobs()
    _index()
    _webhooks()


def _jobs() -> None:
    op.add_column("jobs", sa.Column("threads", Whole, nullable=True))
    op.add_column("jobs", sa.Column("sent_at", sa.Double(), nullable=True))
    # Jobs of before had nobody to announce them to.
    op.add_column("jobs", sa.Column("announced", sa.Boolean(), nullable=False, server_default=sa.true()))
    unannounced = sa.text("finished_at IS NOT NULL AND NOT announced")
    op.create_index(
        "ix_jobs_unannounced", "jobs", ["number"], sqlite_where=unannounced, postgresql_where=unannounced
    )
    op.create_table(
        "ledgers",
        sa.Column("job_number", Whole, autoincrement=False, nullable=False),
        sa.Column("revision", Whole, nullable=False),
        sa.Column("next_batch", Whole, nullable=False),
        sa.Column("kept", sa.JSON(), nullable=False),
        sa.ForeignKeyConstraint(
            ["job_number"], ["jobs.number"], name=op.f("fk_ledgers_job_number_jobs"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("job_number", name=op.f("pk_ledgers")),
    )
    op.create_table(
        "batches",
        sa.Column("job_number", Whole, autoincrement=False, nullable=False),
        sa.Column("number", Whole, autoincrement=False, nullable=False),
        sa.Column("kind", sa.String(length=16), nullable=False),
        sa.Column("state", sa.String(length=16), nullable=False),
        sa.Column("steps", sa.JSON(), nullable=False),
        sa.Column("threads", Whole, nullable=True),
        sa.Column("holder", sa.String(length=64), nullable=True),
        sa.Column("leased_until", sa.Double(), nullable=True),
        sa.Column("deliveries", Whole, nullable=False),
        sa.Column("sent_at", sa.Double(), nullable=True),
        sa.Column("moving", Whole, nullable=False),
        sa.Column("result", sa.JSON(), nullable=True),
        sa.ForeignKeyConstraint(
            ["job_number"], ["jobs.number"], name=op.f("fk_batches_job_number_jobs"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("job_number", "number", name=op.f("pk_batches")),
    )
    waiting = sa.text("state = 'waiting'")
    op.create_index(
        "ix_batches_waiting", "batches", ["job_number", "number"], sqlite_where=waiting, postgresql_where=waiting
    )
    leased = sa.text("leased_until IS NOT NULL")
    op.create_index(
        "ix_batches_leased_until", "batches", ["leased_until"], sqlite_where=leased, postgresql_where=leased
    )


def _index() -> None:
    op.create_table(
        "indexes",
        sa.Column("number", Whole, nullable=False),
        sa.Column("name", sa.String(length=64), nullable=False),
        sa.Column("opened_at", sa.Double(), nullable=False),
        sa.PrimaryKeyConstraint("number", name=op.f("pk_indexes")),
        sa.UniqueConstraint("name", name=op.f("uq_indexes_name")),
        sqlite_autoincrement=True,
    )
    op.create_table(
        "seen",
        sa.Column("index_number", Whole, autoincrement=False, nullable=False),
        sa.Column("key", sa.LargeBinary(), nullable=False),
        sa.Column("size", Whole, nullable=False),
        sa.Column("source", sa.Text(), nullable=False),
        sa.Column("target", sa.Text(), nullable=False),
        sa.ForeignKeyConstraint(
            ["index_number"], ["indexes.number"], name=op.f("fk_seen_index_number_indexes"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("index_number", "key", name=op.f("pk_seen")),
        sqlite_with_rowid=False,
    )


def _webhooks() -> None:
    op.create_table(
        "webhooks",
        sa.Column("number", Whole, nullable=False),
        sa.Column("id", sa.String(length=36), nullable=False),
        sa.Column("owner_id", Whole, nullable=False),
        sa.Column("every_owner", sa.Boolean(), nullable=False),
        sa.Column("url", sa.Text(), nullable=False),
        sa.Column("description", sa.Text(), nullable=False),
        sa.Column("states", sa.JSON(), nullable=False),
        sa.Column("sealed", sa.Text(), nullable=False),
        sa.Column("enabled", sa.Boolean(), nullable=False),
        sa.Column("failures", Whole, nullable=False),
        sa.Column("message", sa.Text(), nullable=False),
        sa.Column("created_at", sa.Double(), nullable=False),
        sa.Column("updated_at", sa.Double(), nullable=False),
        sa.ForeignKeyConstraint(
            ["owner_id"], ["users.id"], name=op.f("fk_webhooks_owner_id_users"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("number", name=op.f("pk_webhooks")),
        sa.UniqueConstraint("id", name=op.f("uq_webhooks_id")),
        sqlite_autoincrement=True,
    )
    op.create_index("ix_webhooks_owner_id", "webhooks", ["owner_id"])
    op.create_table(
        "deliveries",
        sa.Column("number", Whole, nullable=False),
        sa.Column("id", sa.String(length=36), nullable=False),
        sa.Column("webhook_number", Whole, nullable=False),
        sa.Column("job_id", sa.String(length=36), nullable=True),
        sa.Column("event", sa.String(length=32), nullable=False),
        sa.Column("body", sa.Text(), nullable=False),
        sa.Column("state", sa.String(length=16), nullable=False),
        sa.Column("attempts", Whole, nullable=False),
        sa.Column("due_at", sa.Double(), nullable=False),
        sa.Column("leased_until", sa.Double(), nullable=True),
        sa.Column("status", Whole, nullable=True),
        sa.Column("message", sa.Text(), nullable=False),
        sa.Column("seconds", sa.Double(), nullable=True),
        sa.Column("created_at", sa.Double(), nullable=False),
        sa.Column("finished_at", sa.Double(), nullable=True),
        sa.ForeignKeyConstraint(
            ["webhook_number"],
            ["webhooks.number"],
            name=op.f("fk_deliveries_webhook_number_webhooks"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("number", name=op.f("pk_deliveries")),
        sa.UniqueConstraint("id", name=op.f("uq_deliveries_id")),
        sqlite_autoincrement=True,
    )
    op.create_index("ix_deliveries_webhook_number", "deliveries", ["webhook_number"])
    waiting = sa.text("state = 'waiting'")
    op.create_index("ix_deliveries_due", "deliveries", ["due_at"], sqlite_where=waiting, postgresql_where=waiting)


def downgrade() -> None:
    for table in ("deliveries", "webhooks", "seen", "indexes", "batches", "ledgers", "installation"):
        op.drop_table(table)
    op.drop_index("ix_jobs_unannounced", "jobs")
    for column in ("announced", "sent_at", "threads"):
        op.drop_column("jobs", column)
