"""What changed of releases since a moment is found by an index."""

from alembic import op

revision = "0010"
down_revision = "0009"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_index("ix_releases_changed_at", "releases", ["changed_at"])
