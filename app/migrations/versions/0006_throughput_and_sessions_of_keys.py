"""How fast a job went over time; sessions that were opened with an API key; looking for jobs by state and owner."""

import sqlalchemy as sa
from alembic import op

revision = "0006"
down_revision = "0005"
branch_labels = None
depends_on = None

Whole = sa.BigInteger().with_variant(sa.Integer(), "sqlite")


def upgrade() -> None:
    op.add_column("jobs", sa.Column("throughput", sa.JSON(), nullable=True))
    op.create_index("ix_jobs_state", "jobs", ["state"])
    op.create_index("ix_jobs_owner_id", "jobs", ["owner_id"])
    with op.batch_alter_table("sessions") as sessions:
        sessions.add_column(sa.Column("api_key_id", Whole, nullable=True))
        sessions.create_foreign_key(
            op.f("fk_sessions_api_key_id_api_keys"), "api_keys", ["api_key_id"], ["id"], ondelete="CASCADE"
        )
        sessions.create_index("ix_sessions_api_key_id", ["api_key_id"])


def downgrade() -> None:
    with op.batch_alter_table("sessions") as sessions:
        sessions.drop_index("ix_sessions_api_key_id")
        sessions.drop_constraint(op.f("fk_sessions_api_key_id_api_keys"), type_="foreignkey")
        sessions.drop_column("api_key_id")
    op.drop_index("ix_jobs_owner_id", "jobs")
    op.drop_index("ix_jobs_state", "jobs")
    op.drop_column("jobs", "throughput")
