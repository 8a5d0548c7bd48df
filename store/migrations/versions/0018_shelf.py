"""Reading lists: contents, editors, frozen editions, changes, and grids of competences."""

import sqlalchemy as sa
from alembic import op

revision = "0018"
down_revision = "0017"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "reading_lists",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("slug", sa.String(length=200), nullable=False),
        sa.Column("owner_id", sa.Integer(), nullable=True),
        sa.Column("visibility", sa.String(length=10), nullable=False),
        sa.Column("contents", sa.JSON(), nullable=False),
        sa.Column("revision", sa.Integer(), nullable=False),
        sa.Column("created", sa.DateTime(timezone=True), nullable=False),
        sa.Column("changed", sa.DateTime(timezone=True), nullable=False),
        sa.Column("copied_from", sa.Text(), nullable=False),
        sa.Column("deleted", sa.DateTime(timezone=True), nullable=True),
        sa.Column("title", sa.Text(), nullable=False),
        sa.Column("audience", sa.Text(), nullable=False),
        sa.Column("subject", sa.Text(), nullable=False),
        sa.Column("themes", sa.JSON(), nullable=False),
        sa.Column("size", sa.Integer(), nullable=False),
        sa.Column("words", sa.Text(), nullable=False),
        sa.ForeignKeyConstraint(
            ["owner_id"],
            ["people.id"],
            name=op.f("fk_reading_lists_owner_id"),
            ondelete="SET NULL",
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_reading_lists")),
        sa.UniqueConstraint("slug", name=op.f("uq_reading_lists_slug")),
        sqlite_autoincrement=True,
    )
    for column in ("owner_id", "visibility", "deleted"):
        op.create_index(op.f(f"ix_reading_lists_{column}"), "reading_lists", [column])
    _create_editors()
    _create_editions()
    _create_revisions()
    op.create_table(
        "skill_grids",
        sa.Column("id", sa.String(length=60), nullable=False),
        sa.Column("label", sa.Text(), nullable=False),
        sa.Column("skills", sa.JSON(), nullable=False),
        sa.Column("changed", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_skill_grids")),
    )


def _of_list(table: str) -> sa.ForeignKeyConstraint:
    name = op.f(f"fk_{table}_list_id")
    return sa.ForeignKeyConstraint(["list_id"], ["reading_lists.id"], name=name, ondelete="CASCADE")


def _of_person(table: str, ondelete: str) -> sa.ForeignKeyConstraint:
    name = op.f(f"fk_{table}_person_id")
    return sa.ForeignKeyConstraint(["person_id"], ["people.id"], name=name, ondelete=ondelete)


def _create_editors() -> None:
    table = "reading_list_editors"
    op.create_table(
        table,
        sa.Column("list_id", sa.Integer(), nullable=False),
        sa.Column("person_id", sa.Integer(), nullable=False),
        _of_list(table),
        _of_person(table, "CASCADE"),
        sa.PrimaryKeyConstraint("list_id", "person_id", name=op.f(f"pk_{table}")),
    )
    op.create_index(op.f(f"ix_{table}_person_id"), table, ["person_id"])


def _create_editions() -> None:
    table = "reading_list_editions"
    op.create_table(
        table,
        sa.Column("list_id", sa.Integer(), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("label", sa.Text(), nullable=False),
        sa.Column("frozen", sa.DateTime(timezone=True), nullable=False),
        sa.Column("person_id", sa.Integer(), nullable=True),
        sa.Column("visibility", sa.String(length=10), nullable=False),
        sa.Column("size", sa.Integer(), nullable=False),
        sa.Column("contents", sa.JSON(), nullable=False),
        _of_list(table),
        _of_person(table, "SET NULL"),
        sa.PrimaryKeyConstraint("list_id", "number", name=op.f(f"pk_{table}")),
    )


def _create_revisions() -> None:
    table = "reading_list_revisions"
    op.create_table(
        table,
        sa.Column("list_id", sa.Integer(), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("person_id", sa.Integer(), nullable=True),
        sa.Column("deed", sa.Text(), nullable=False),
        sa.Column("difference", sa.JSON(), nullable=False),
        _of_list(table),
        _of_person(table, "SET NULL"),
        sa.PrimaryKeyConstraint("list_id", "number", name=op.f(f"pk_{table}")),
    )
    op.create_index(op.f(f"ix_{table}_at"), table, ["at"])
