"""The library, copies and authorizations; CVAL's datasets become collections of the library."""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.types import TypeEngine

revision = "0004"
down_revision = "0003"
branch_labels = None
depends_on = None

Whole = sa.BigInteger().with_variant(sa.Integer(), "sqlite")


def upgrade() -> None:
    op.add_column("users", sa.Column("quota", sa.BigInteger(), nullable=True))
    _library()
    _datasets()
    _copies()
    _authorizations()


def _library() -> None:
    op.create_table(
        "collections",
        sa.Column("number", Whole, nullable=False),
        sa.Column("id", sa.String(length=36), nullable=False),
        sa.Column("kind", sa.String(length=16), nullable=False),
        sa.Column("owner_id", Whole, nullable=False),
        sa.Column("name", _sorted_text(sa.String, 255), nullable=True),
        sa.Column("description", sa.Text(), nullable=True),
        sa.Column("tags", sa.JSON(), nullable=False),
        sa.Column("published", sa.Boolean(), nullable=False),
        sa.Column("deleted", sa.Boolean(), nullable=False),
        sa.Column("purged", sa.Boolean(), nullable=False),
        sa.Column("last_position", Whole, nullable=False),
        sa.Column("created_at", sa.Double(), nullable=False),
        sa.Column("updated_at", sa.Double(), nullable=False),
        sa.ForeignKeyConstraint(
            ["owner_id"], ["users.id"], name=op.f("fk_collections_owner_id_users"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("number", name=op.f("pk_collections")),
        sa.UniqueConstraint("id", name=op.f("uq_collections_id")),
        sqlite_autoincrement=True,
    )
    op.create_index("ix_collections_owner_id", "collections", ["owner_id"])
    op.create_table(
        "items",
        sa.Column("number", Whole, nullable=False),
        sa.Column("id", sa.String(length=36), nullable=False),
        sa.Column("collection_number", Whole, nullable=False),
        sa.Column("position", Whole, nullable=False),
        sa.Column("name", _sorted_text(sa.Text), nullable=False),
        sa.Column("state", sa.String(length=16), nullable=False),
        sa.Column("file", sa.String(length=36), nullable=True),
        sa.Column("size", sa.BigInteger(), nullable=False),
        sa.Column("md5", sa.String(length=32), nullable=True),
        sa.Column("sha256", sa.String(length=64), nullable=True),
        sa.Column("file_type", sa.String(length=64), nullable=False),
        sa.Column("attributes", sa.JSON(), nullable=False),
        sa.Column("tags", sa.JSON(), nullable=False),
        sa.Column("description", sa.Text(), nullable=True),
        sa.Column("message", sa.Text(), nullable=False),
        sa.Column("visible", sa.Boolean(), nullable=False),
        sa.Column("deleted", sa.Boolean(), nullable=False),
        sa.Column("purged", sa.Boolean(), nullable=False),
        sa.Column("created_at", sa.Double(), nullable=False),
        sa.Column("updated_at", sa.Double(), nullable=False),
        sa.ForeignKeyConstraint(
            ["collection_number"],
            ["collections.number"],
            name=op.f("fk_items_collection_number_collections"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("number", name=op.f("pk_items")),
        sa.UniqueConstraint("id", name=op.f("uq_items_id")),
        sa.UniqueConstraint("collection_number", "position", name=op.f("uq_items_collection_number")),
        sqlite_autoincrement=True,
    )
    op.create_index("ix_items_file", "items", ["file"], sqlite_where=sa.text("file IS NOT NULL"), postgresql_where=sa.text("file IS NOT NULL"))
    op.create_index(
        "ix_items_held", "items", ["collection_number", "file", "size"], sqlite_where=sa.text("file IS NOT NULL"), postgresql_where=sa.text("file IS NOT NULL")
    )
    op.create_table(
        "uploads",
        sa.Column("id", sa.String(length=36), nullable=False),
        sa.Column("owner_id", Whole, nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("size", sa.BigInteger(), nullable=False),
        sa.Column("created_at", sa.Double(), nullable=False),
        sa.ForeignKeyConstraint(["owner_id"], ["users.id"], name=op.f("fk_uploads_owner_id_users"), ondelete="CASCADE"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_uploads")),
    )
    op.create_index("ix_uploads_owner_id", "uploads", ["owner_id"])


def _datasets() -> None:
    """Make a collection of each dataset, under its own id; what binds it to a connection stays a row of its own."""
    op.create_table(
        "dataset_bindings",
        sa.Column("collection_number", Whole, nullable=False),
        sa.Column("connection_number", Whole, nullable=True),
        sa.Column("name_in_storage", sa.String(length=255), nullable=True),
        sa.ForeignKeyConstraint(
            ["collection_number"],
            ["collections.number"],
            name=op.f("fk_dataset_bindings_collection_number_collections"),
            ondelete="CASCADE",
        ),
        sa.ForeignKeyConstraint(
            ["connection_number"],
            ["connections.number"],
            name=op.f("fk_dataset_bindings_connection_number_connections"),
            ondelete="SET NULL",
        ),
        sa.PrimaryKeyConstraint("collection_number", name=op.f("pk_dataset_bindings")),
    )
    op.create_index("ix_dataset_bindings_connection_number", "dataset_bindings", ["connection_number"])
    op.execute(
        "INSERT INTO collections (number, id, kind, owner_id, name, description, tags, published, deleted, purged, "
        "last_position, created_at, updated_at) "
        "SELECT number, id, 'dataset', owner_id, name, description, '[]', false, false, false, 0, created_at, created_at "
        "FROM datasets ORDER BY number"
    )
    op.execute(
        "INSERT INTO dataset_bindings (collection_number, connection_number, name_in_storage) "
        "SELECT number, connection_number, name_in_storage FROM datasets"
    )
    op.drop_table("datasets")


def _copies() -> None:
    op.create_table(
        "copies",
        sa.Column("number", Whole, nullable=False),
        sa.Column("job_id", sa.String(length=36), nullable=False),
        sa.Column("owner_id", Whole, nullable=True),
        sa.Column("kind", sa.String(length=16), nullable=False),
        sa.Column("source", sa.Text(), nullable=False),
        sa.Column("key", sa.Text(), nullable=False),
        sa.Column("stored_key", sa.Text(), nullable=True),
        sa.Column("item_number", Whole, nullable=True),
        sa.Column("collection_number", Whole, nullable=True),
        sa.Column("options", sa.JSON(), nullable=False),
        sa.Column("state", sa.String(length=16), nullable=False),
        sa.Column("cancelling", sa.Boolean(), nullable=False),
        sa.Column("reason", sa.String(length=64), nullable=True),
        sa.Column("message", sa.Text(), nullable=False),
        sa.Column("size", sa.BigInteger(), nullable=False),
        sa.Column("sha256", sa.String(length=64), nullable=True),
        sa.Column("created_at", sa.Double(), nullable=False),
        sa.Column("updated_at", sa.Double(), nullable=False),
        sa.Column("finished_at", sa.Double(), nullable=True),
        sa.ForeignKeyConstraint(
            ["item_number"], ["items.number"], name=op.f("fk_copies_item_number_items"), ondelete="SET NULL"
        ),
        sa.ForeignKeyConstraint(
            ["collection_number"],
            ["collections.number"],
            name=op.f("fk_copies_collection_number_collections"),
            ondelete="SET NULL",
        ),
        sa.PrimaryKeyConstraint("number", name=op.f("pk_copies")),
        sqlite_autoincrement=True,
    )
    for column in ("job_id", "owner_id", "item_number", "collection_number"):
        op.create_index(f"ix_copies_{column}", "copies", [column])
    op.create_index("ix_copies_unfinished", "copies", ["job_id"], sqlite_where=sa.text("finished_at IS NULL"), postgresql_where=sa.text("finished_at IS NULL"))


def _authorizations() -> None:
    op.create_table(
        "authorizations",
        sa.Column("number", Whole, nullable=False),
        sa.Column("id", sa.String(length=36), nullable=False),
        sa.Column("owner_id", Whole, nullable=False),
        sa.Column("provider", sa.String(length=64), nullable=False),
        sa.Column("config", sa.JSON(), nullable=False),
        sa.Column("sealed", sa.Text(), nullable=True),
        sa.Column("authn_id", Whole, nullable=True),
        sa.Column("description", sa.Text(), nullable=True),
        sa.Column("created_at", sa.Double(), nullable=False),
        sa.Column("updated_at", sa.Double(), nullable=False),
        sa.Column("used_at", sa.Double(), nullable=False),
        sa.ForeignKeyConstraint(
            ["owner_id"], ["users.id"], name=op.f("fk_authorizations_owner_id_users"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("number", name=op.f("pk_authorizations")),
        sa.UniqueConstraint("id", name=op.f("uq_authorizations_id")),
        sqlite_autoincrement=True,
    )
    op.create_index("ix_authorizations_owner_id", "authorizations", ["owner_id"])


def downgrade() -> None:
    op.create_table(
        "datasets",
        sa.Column("number", Whole, nullable=False),
        sa.Column("id", sa.String(length=36), nullable=False),
        sa.Column("owner_id", Whole, nullable=False),
        sa.Column("name", sa.String(length=32), nullable=True),
        sa.Column("description", sa.String(length=256), nullable=True),
        sa.Column("connection_number", Whole, nullable=True),
        sa.Column("name_in_storage", sa.String(length=255), nullable=True),
        sa.Column("created_at", sa.Double(), nullable=False),
        sa.ForeignKeyConstraint(
            ["owner_id"], ["users.id"], name=op.f("fk_datasets_owner_id_users"), ondelete="CASCADE"
        ),
        sa.ForeignKeyConstraint(
            ["connection_number"],
            ["connections.number"],
            name=op.f("fk_datasets_connection_number_connections"),
            ondelete="SET NULL",
        ),
        sa.PrimaryKeyConstraint("number", name=op.f("pk_datasets")),
        sa.UniqueConstraint("id", name=op.f("uq_datasets_id")),
        sqlite_autoincrement=True,
    )
    op.create_index("ix_datasets_owner_id", "datasets", ["owner_id"])
    op.create_index("ix_datasets_connection_number", "datasets", ["connection_number"])
    op.execute(
        "INSERT INTO datasets SELECT number, id, owner_id, name, description, connection_number, name_in_storage, "
        "created_at FROM collections JOIN dataset_bindings ON collection_number = number"
    )
    for table in ("authorizations", "copies", "dataset_bindings", "uploads", "items", "collections"):
        op.drop_table(table)
    op.drop_column("users", "quota")


def _sorted_text(kind: type[sa.String], length: int | None = None) -> TypeEngine[str]:
    return kind(length).with_variant(kind(length, collation="C"), "postgresql")
