"""sleep long enough to be asked to stop

Revision ID: 5109af00d5ee
Revises: 873addc1221e
"""

from alembic import op

revision = "5109af00d5ee"
down_revision = "873addc1221e"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.execute("SELECT pg_sleep(4)")


def downgrade() -> None:
    pass
