"""Let somebody's phone in for a while: a code that the terminal shows, exchanged once.

The code is short, because people may type it, so it lives for minutes, serves once, and
is replaced when somebody guesses.  What it is exchanged for is a session as of a browser that
signed in: random, kept as a hash, over after a month without use or when somebody ends it
(`cratewise devices`).  It is of no use where people sign in, nor one of theirs here.
"""

import hmac
import secrets
import threading
from collections.abc import Callable
from datetime import datetime, timedelta
from typing import TYPE_CHECKING

from cratewise.errors import PairingRefused
from cratewise.people.recognise import session_in_use
from cratewise.people.secrets import hash_of, new_secret
from cratewise.people.sign_in import SESSION_LASTS, Visitor
from cratewise.store.engine import writing
from cratewise.store.sessions import NEARBY, keep_session

if TYPE_CHECKING:
    from sqlalchemy import Engine

    from cratewise.clock import Clock

ALPHABET = "23456789ABCDEFGHJKLMNPQRSTUVWXYZ"  # nothing that looks like something else
LETTERS = 8  # 10^12 codes: twenty guesses find one once in 5 * 10^10 runs
LASTS = timedelta(minutes=10)
GUESSES = 5  # at one code
ALL_GUESSES = 20  # while the server runs


class Pairing:
    """Lets browsers in by a code, as one account; any thread may ask.

    tell  shows a new code to whoever sits at the terminal.
    """

    def __init__(
        self, engine: "Engine", account_id: int, clock: "Clock", tell: Callable[[str], None]
    ) -> None:
        self._engine = engine
        self._account_id = account_id
        self._clock = clock
        self._tell = tell
        self._turn = threading.Lock()
        self._code = ""
        self._until: datetime | None = None
        self._guesses = 0
        self._all_guesses = 0

    def show(self) -> None:
        """Show a code, unless one that still serves was shown."""
        with self._turn:
            if not self._serves() and self._all_guesses < ALL_GUESSES:
                self._renew()

    def exchange(self, told: str, visitor: Visitor) -> str:
        """The secret of a new session, for the code.  Raises PairingRefused."""
        letters = "".join(letter for letter in told.upper() if letter.isalnum())
        with self._turn:
            if self._all_guesses >= ALL_GUESSES:
                raise PairingRefused("Too many codes were wrong: start `cratewise serve` again.")
            if not self._serves():
                self._renew()
                raise PairingRefused("That code is too old; the terminal shows a new one.")
            if not hmac.compare_digest(letters.encode(), self._code.encode()):
                self._count_guess()
                raise PairingRefused("That is not the code that the terminal shows.")
            self._until = None
        return self._begun(visitor)

    def is_paired(self, secret: str) -> bool:
        """Whether this is the secret of a session of the account."""
        found = session_in_use(self._engine, _hash_of(secret), self._clock)
        return found is not None and found.account_id == self._account_id

    def _begun(self, visitor: Visitor) -> str:
        secret, now = new_secret(), self._clock.now()
        with writing(self._engine) as db:
            keep_session(
                db, self._account_id, _hash_of(secret), NEARBY, agent=visitor.agent,
                address=visitor.address, at=now, expires_at=now + SESSION_LASTS,
            )  # fmt: skip
        return secret

    def _serves(self) -> bool:
        return self._until is not None and self._clock.now() < self._until

    def _count_guess(self) -> None:
        self._guesses += 1
        self._all_guesses += 1
        if self._guesses >= GUESSES and self._all_guesses < ALL_GUESSES:
            self._renew()

    def _renew(self) -> None:
        self._code = "".join(secrets.choice(ALPHABET) for _ in range(LETTERS))
        self._until = self._clock.now() + LASTS
        self._guesses = 0
        self._tell(f"{self._code[:4]}-{self._code[4:]}")


def _hash_of(secret: str) -> str:
    """As what the secret is kept: never that of a session of somebody who signed in."""
    return hash_of(f"lan {secret}")
