"""What QR codes in pictures say, kept with the words that were read in them."""

import sqlalchemy as sa
from alembic import op

revision = "0015"
down_revision = "0014"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column("readings", sa.Column("codes", sa.Text))


def downgrade() -> None:
    op.drop_column("readings", "codes")
