"""Write the next step: what `tables.py` says beyond the steps so far.

Read what it wrote before it is kept: a renamed column looks like one dropped and
one added, and what becomes of the rows is not for a comparison to know.
"""

import sys

from alembic import command
from sqlalchemy import create_engine

from cratewise.store import migrate
from cratewise.store.migrations import known_versions


def main() -> None:
    if len(sys.argv) != 2:
        raise SystemExit('usage: python -m cratewise.store.migrations "what becomes true"')
    number = f"{int((known_versions() or ['0'])[-1]) + 1:04d}"
    engine = create_engine("sqlite://")
    with engine.connect() as db:
        config = migrate.configured_for(db)
        config.set_main_option("file_template", "%%(rev)s_%%(slug)s")
        command.upgrade(config, "head")
        command.revision(config, sys.argv[1], autogenerate=True, rev_id=number)


if __name__ == "__main__":
    main()
