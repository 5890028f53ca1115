"""What is asked before every answer, in one statement: did anything move, or was anything said?"""

from typing import NamedTuple

from sqlalchemy import BigInteger, Connection, func, select, type_coerce

from cratewise.store.marks import SAID, Said, said_of
from cratewise.store.shelf_rows import NEVER, NEWEST, Newest, newest_of
from cratewise.store.word_index import release_words


class Glance(NamedTuple):
    """How all stood when somebody looked.

    newest    what moved last
    words_at  when words of a release were last kept, in microseconds since 1970
    said      by the account that asks, in short
    """

    newest: Newest
    words_at: int
    said: Said


_GLANCE = select(
    *NEWEST,
    select(type_coerce(func.max(release_words.c.kept_at), BigInteger)).scalar_subquery(),
    *SAID,
)


def glance(db: Connection, account_id: int) -> Glance:
    """How all stands now, in one round trip."""
    row = db.execute(_GLANCE, {"account": account_id}).one()
    words_at, *said = row[len(NEWEST) :]
    return Glance(newest_of(row), NEVER if words_at is None else words_at, said_of(said))
