<%!
import re
%>"""${message}

Revision ID: ${up_revision}
Revises: ${down_revision | comma,n}
Create Date: ${create_date}

"""
from typing import Sequence, Union

import sqlalchemy as sa
from alembic import op
${imports if imports else ""}

# The four names by which Alembic places this script in the history.
revision: str = ${repr(up_revision)}
down_revision: Union[str, Sequence[str], None] = ${repr(down_revision)}
branch_labels: Union[str, Sequence[str], None] = ${repr(branch_labels)}
depends_on: Union[str, Sequence[str], None] = ${repr(depends_on)}


def upgrade(engine_name: str) -> None:
    """Go from the revision before to this one, in one database."""
    globals()[f"upgrade_{engine_name}"]()


def downgrade(engine_name: str) -> None:
    """Go back to the revision before, in one database."""
    globals()[f"downgrade_{engine_name}"]()
## One pair of functions for each database of the ini file.
% for name in re.split(r",\s*", config.get_main_option("databases")):


def upgrade_${name}() -> None:
    """Go to this revision in ${name}."""
    ${context.get("%s_upgrades" % name, "pass")}


def downgrade_${name}() -> None:
    """Go back from this revision in ${name}."""
    ${context.get("%s_downgrades" % name, "pass")}
% endfor
