"""Who is on the simulated Discogs: sellers, buyers, their wants and collections."""

from dataclasses import dataclass, field
from hashlib import sha1
from zlib import crc32

from .currencies import Currency


@dataclass
class Want:
    """A release on somebody's wantlist."""

    release_id: int
    added_at: int  # seconds since 1970
    rating: int = 0  # 0 to 5, 0: not rated
    notes: str = ""


@dataclass
class Owned:
    """A copy in somebody's collection; a release may be owned twice."""

    instance_id: int
    release_id: int
    added_at: int  # seconds since 1970
    folder_id: int = 1  # 1: Uncategorized
    rating: int = 0
    notes: dict[int, str] = field(default_factory=dict)  # by field: 1 Media, 2 Sleeve, 3 Notes


@dataclass
class Export:
    """A file of a seller's inventory."""

    number: int
    asked_at: int  # seconds since 1970
    text: bytes
    was_seen: bool = False  # only then it is done


@dataclass
class Member:
    """One account.  A seller has `opens_with` listings on the first day; a buyer has 0."""

    username: str
    id: int
    token: str
    currency: Currency
    opens_with: int = 0
    place: int = 0  # its position in the world, which keeps listing ids apart
    is_gone: bool = False
    is_suspended: bool = False
    keeps_lists_private: bool = False
    wants: dict[int, Want] = field(default_factory=dict)
    collection: list[Owned] = field(default_factory=list)
    exports: list[Export] = field(default_factory=list)

    @property
    def country(self) -> str:
        """Where it ships from, as Discogs writes it."""
        return self.currency.home

    @property
    def seller_rating(self) -> float:
        """Per cent of buyers who were content: 97.0 to 100.0."""
        return 100.0 - self.id % 31 / 10

    @property
    def seller_stars(self) -> float:
        return 5.0 if self.seller_rating >= 99.5 else 4.5

    @property
    def ratings(self) -> int:
        """How many buyers have rated this seller."""
        return self.opens_with // 3 + self.id % 40

    @property
    def least_order(self) -> float:
        """Below this total the seller does not ship; in the seller's currency."""
        return float(self.id % 4 * 5) * self.currency.step * 2


def member_id(username: str) -> int:
    """Discogs' number for a name: the same in every world, whatever its case."""
    return 100_000 + crc32(username.lower().encode()) % 9_000_000


def token_of(username: str) -> str:
    """The personal token of a member: 40 characters, like real ones."""
    return sha1(f"token of {username.lower()}".encode(), usedforsecurity=False).hexdigest()
