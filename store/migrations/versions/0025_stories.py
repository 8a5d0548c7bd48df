"""What people say of stories, and what was found apart from what is shown."""

import sqlalchemy as sa
from alembic import op

revision = "0025"
down_revision = "0024"
branch_labels = None
depends_on = None


def upgrade() -> None:
    strand = sa.Column("strand_id", sa.Integer(), server_default="0", nullable=False)
    op.add_column("stories", strand)
    op.execute("UPDATE stories SET strand_id = story_id")
    op.create_index(op.f("ix_stories_strand_id"), "stories", ["strand_id"])
    op.create_table(
        "story_sayings",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("together", sa.Boolean(), nullable=False),
        sa.Column("person_id", sa.Integer(), nullable=True),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["person_id"],
            ["people.id"],
            name=op.f("fk_story_sayings_person_id_people"),
            ondelete="SET NULL",
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_story_sayings")),
        sqlite_autoincrement=True,
    )
    op.create_table(
        "story_pairs",
        sa.Column("saying_id", sa.Integer(), nullable=False),
        sa.Column("one_id", sa.Integer(), nullable=False),
        sa.Column("other_id", sa.Integer(), nullable=False),
        _of("saying_id", "story_sayings"),
        _of("one_id", "articles"),
        _of("other_id", "articles"),
        sa.PrimaryKeyConstraint("saying_id", "one_id", "other_id", name=op.f("pk_story_pairs")),
    )
    op.create_index(op.f("ix_story_pairs_one_id"), "story_pairs", ["one_id"])
    op.create_index(op.f("ix_story_pairs_other_id"), "story_pairs", ["other_id"])


def _of(column: str, table: str) -> sa.ForeignKeyConstraint:
    return sa.ForeignKeyConstraint(
        [column],
        [f"{table}.id"],
        name=op.f(f"fk_story_pairs_{column}_{table}"),
        ondelete="CASCADE",
    )
