"""The simulated world: its catalogue, its members, and the stock that they sell.

A world is made from a seed and answers the same every time.  Stock is drawn when it is
first looked at, so that a world of large sellers costs nothing until one is asked for.
Every method may be called from any thread.
"""

from collections.abc import Iterable, Mapping
from dataclasses import replace
from threading import RLock

from .catalogue import Catalogue, catalogue
from .currencies import CURRENCIES
from .lists import fill_lists
from .members import Member, member_id, token_of
from .oauth import Grants
from .release import Release
from .shop import SELLERS_AT_MOST, TODAY, Shop
from .stock import Listing, Stock

DEFAULT_SELLERS = {"alice": 250, "bob": 12_500}
GONE_SELLER = "gone_records"  # deleted: 404 on everything
SUSPENDED_SELLER = "suspended_records"  # its profile says so; its stock is not shown
EMPTY_SELLER = "empty_records"  # nothing for sale
ODD_NAME_SELLER = "Vinyl.Keller-Basel_"  # capitals, a dot, a dash, an underscore; 40 listings
ODD_SELLERS = {ODD_NAME_SELLER: 40, EMPTY_SELLER: 0, SUSPENDED_SELLER: 30, GONE_SELLER: 30}
BUYER = "digger"  # has wants and a collection that anyone may see
PRIVATE_BUYER = "hermit"  # has both, and shows neither

CONSUMER_KEY = "simulatedConsumerKey"
CONSUMER_SECRET = "simulatedConsumerSecret"  # noqa: S105 - opens nothing but this simulation


class World:
    """A market of sellers and buyers.

    seed               the same seed, the same world.
    sellers            how many listings each seller opens with, by name.
    gone, suspended    more sellers that were deleted or suspended.
    currencies         the currency of a seller, by name; else the seed decides.
    stock_moves_every  after so many pages of a seller's stock one listing is sold,
                       added or repriced; None: stock moves only when told to.
    ghosts             share (0 to 1) of each opening stock that is sold already but
                       still holds its place in the index, so that pages come short.
    """

    def __init__(
        self,
        seed: int = 1,
        sellers: Mapping[str, int] | None = None,
        *,
        gone: Iterable[str] = (),
        suspended: Iterable[str] = (),
        currencies: Mapping[str, str] | None = None,
        stock_moves_every: int | None = None,
        ghosts: float = 0.0,
    ) -> None:
        self.seed = seed
        self.catalogue: Catalogue = catalogue(seed)
        self.grants = Grants((CONSUMER_KEY, CONSUMER_SECRET))
        self.dump_days: set[str] | None = None  # of which there are dumps; None: of any day
        self._lock = RLock()
        self._members: dict[str, Member] = {}
        self._stocks: dict[int, Stock] = {}
        self._shops: dict[int, Shop] = {}
        self._withdrawn: dict[int, tuple[Member, Listing]] = {}
        self._community: dict[int, tuple[int, int]] = {}
        self._pages_read = 0
        self._stock_moves_every = stock_moves_every
        self._ghosts = ghosts
        told = {name.lower(): code for name, code in (currencies or {}).items()}
        opening = dict(DEFAULT_SELLERS if sellers is None else sellers)
        for name, count in ODD_SELLERS.items():
            opening.setdefault(name, count)
        for name in (*gone, *suspended):
            opening.setdefault(name, 30)  # unless told above
        for name, count in opening.items():
            self._join(name, count, told.get(name.lower()))
        for name in (GONE_SELLER, *gone):
            self.seller(name).is_gone = True
        for name in (SUSPENDED_SELLER, *suspended):
            self.seller(name).is_suspended = True
        for name in (BUYER, PRIVATE_BUYER):
            fill_lists(self._join(name, 0, "EUR"), self.catalogue, seed)
        self.seller(PRIVATE_BUYER).keeps_lists_private = True

    # Who is there

    def seller(self, username: str) -> Member:
        """A member by name in any case, gone ones too.  Raises KeyError."""
        return self._members[username.lower()]

    def member(self, username: str) -> Member | None:
        """A member by name in any case; None if there is none, or no longer."""
        found = self._members.get(username.lower())
        return None if found is None or found.is_gone else found

    def members(self) -> list[Member]:
        """Everybody, gone members too."""
        return list(self._members.values())

    @staticmethod
    def token(username: str) -> str:
        """The personal token of who joined any world under this name."""
        return token_of(username)

    def holder(self, token: str) -> Member | None:
        """Whose personal token this is; None: nobody's."""
        return next((m for m in self._members.values() if m.token == token), None)

    def rename(self, username: str, to: str) -> None:
        """Give a member another name; its number, stock and lists stay.  Raises KeyError."""
        with self._lock:
            member = self._members.pop(username.lower())
            member.username = to
            self._members[to.lower()] = member

    # What they sell

    def stock(self, username: str) -> Stock:
        """The stock of a seller; hold `lock` while other threads may move it."""
        return self._stock_of(self.seller(username))

    def listings(self, username: str) -> dict[int, Listing]:
        """Everything that a seller really has for sale now, by Discogs' id."""
        with self._lock:
            return {listing.id: listing for listing in self.stock(username).on_sale()}

    def page(
        self, member: Member, sort: str, is_descending: bool, start: int, size: int
    ) -> tuple[list[Listing], int]:
        """A slice of a seller's stock in an order, and how many listings the index claims."""
        with self._lock:
            stock = self._stock_of(member)
            listings = stock.slice(sort, is_descending, start, size)
            claimed = stock.claimed
            self._pages_read += 1
            if self._stock_moves_every and self._pages_read % self._stock_moves_every == 0:
                self._move(member)
            return listings, claimed

    def matching(self, member: Member, words: str, is_descending: bool) -> list[Listing]:
        """What a seller has for sale that matches words loosely, by date."""
        with self._lock:
            stock = self._stock_of(member)
            everything = stock.slice("listed", is_descending, 0, stock.claimed)
        return [listing for listing in everything if self._matches(listing, words)]

    def count_for_sale(self, member: Member) -> int:
        """How many listings a member has for sale; asks nothing of a stock not drawn yet."""
        with self._lock:
            stock = self._stocks.get(member.id)
            if stock is None and not self._ghosts:
                return member.opens_with
            return len(self._stock_of(member))

    def find_listing(self, listing_id: int) -> tuple[Member, Listing] | None:
        """A listing that is for sale, and whose it is; None if it is not."""
        with self._lock:
            for member in self._members.values():
                is_open = not member.is_gone and not member.is_suspended
                if is_open and listing_id % SELLERS_AT_MOST == member.place:
                    listing = self._stock_of(member).find(listing_id)
                    return (member, listing) if listing else None
        return None

    def copies(self, release: int) -> list[tuple[Member, Listing]]:
        """Every copy of a release (by its row in the catalogue) that anybody sells."""
        with self._lock:
            return [
                (member, listing)
                for member in self._members.values()
                if not member.is_gone and not member.is_suspended
                for listing in self._stock_of(member).copies(release)
            ]

    def rows_in_use(self) -> set[int]:
        """Rows of the catalogue that anybody sells, wants or owns now."""
        with self._lock:
            rows = {
                listing.release
                for member in self._members.values()
                for listing in self._stock_of(member).on_sale()
            }
            listed = [
                release_id
                for member in self._members.values()
                for release_id in (*member.wants, *(one.release_id for one in member.collection))
            ]
        numbers = (self.catalogue.number_of(release_id) for release_id in listed)
        return rows | {number for number in numbers if number is not None}

    def release(self, number: int) -> Release:
        """A release by its row in the catalogue, with today's want and have."""
        release = self.catalogue.release(number)
        changed = self._community.get(number)
        return replace(release, want=changed[0], have=changed[1]) if changed else release

    # How it moves

    def sell(self, username: str, count: int = 1) -> list[int]:
        """Sell `count` listings of a seller; answers their ids."""
        with self._lock:
            sold = self._pick(username, count)
            for listing_id in sold:
                self.remove(listing_id)
            return sold

    def add(self, username: str, count: int = 1) -> list[int]:
        """List `count` more records, newest of all; answers their ids."""
        with self._lock:
            member = self.seller(username)
            stock = self._stock_of(member)
            newest = max((listing.posted_at for listing in stock.on_sale()), default=TODAY)
            added = self._shops[member.id].restock(count, newest)
            for listing in added:
                stock.put(listing)
            return [listing.id for listing in added]

    def reprice(self, username: str, count: int = 1) -> list[int]:
        """Give `count` listings of a seller another price; answers their ids."""
        with self._lock:
            member = self.seller(username)
            stock = self._stock_of(member)
            repriced = self._pick(username, count)
            for listing_id in repriced:
                listing = stock.find(listing_id)
                if listing:
                    price = self._shops[member.id].reprice(listing)
                    stock.put(listing._replace(price=price))
            return repriced

    def change(self, listing_id: int, *, price: float) -> None:
        """Give one listing this price, in its seller's currency.  Raises KeyError."""
        with self._lock:
            member, listing = self._found(listing_id)
            self._stock_of(member).put(listing._replace(price=price))

    def remove(self, listing_id: int) -> None:
        """Take a listing off sale, as sold or withdrawn.  Raises KeyError."""
        with self._lock:
            member, listing = self._found(listing_id)
            self._withdrawn[listing_id] = (member, listing)
            self._stock_of(member).remove(listing_id)

    def restore(self, listing_id: int) -> None:
        """Put a removed listing back on sale under its old id.  Raises KeyError."""
        with self._lock:
            member, listing = self._withdrawn.pop(listing_id)
            self._stock_of(member).put(listing)

    def revalue(self, release_id: int, *, want: int, have: int) -> None:
        """Let so many want and have a release from now on.  Raises KeyError."""
        with self._lock:
            number = self.catalogue.number_of(release_id)
            if number is None:
                raise KeyError(release_id)
            self._community[number] = (want, have)

    def _matches(self, listing: Listing, words: str) -> bool:
        """Whether artist and title hold all the words; of more than two one may be missing."""
        release = listing.release
        names = f"{self.catalogue.artist_of(release)} {self.catalogue.title_of(release)}".casefold()
        wanted = words.casefold().split()
        return sum(word in names for word in wanted) >= len(wanted) - (len(wanted) > 2)

    def _move(self, member: Member) -> None:
        """One small thing happens in a stock: a sale, a new listing or a new price in turn."""
        deeds = (self.sell, self.add, self.reprice)
        deeds[self._pages_read // (self._stock_moves_every or 1) % 3](member.username)

    def _join(self, username: str, opens_with: int, currency: str | None) -> Member:
        if username.lower() in self._members:  # whoever comes first keeps the name
            return self._members[username.lower()]
        place = len(self._members)
        if place == SELLERS_AT_MOST:
            raise ValueError(f"A world has room for {SELLERS_AT_MOST} members.")
        number = member_id(username)
        codes = list(CURRENCIES)
        code = currency or codes[(number + self.seed) % len(codes)]
        member = Member(username, number, token_of(username), CURRENCIES[code], opens_with, place)
        self._members[username.lower()] = member
        return member

    def _stock_of(self, member: Member) -> Stock:
        with self._lock:
            if member.id not in self._stocks:
                seed = (self.seed, 10, member.id)
                shop = Shop(self.catalogue, member.currency, seed, member.place)
                stock = Stock(shop.open(member.opens_with), self.catalogue)
                ghosts = round(self._ghosts * member.opens_with)
                for listing_id in shop.pick([item.id for item in stock.on_sale()], ghosts):
                    stock.sell_unnoticed(listing_id)
                self._shops[member.id] = shop
                self._stocks[member.id] = stock
            return self._stocks[member.id]

    def _pick(self, username: str, count: int) -> list[int]:
        member = self.seller(username)
        on_sale = [listing.id for listing in self._stock_of(member).on_sale()]
        return self._shops[member.id].pick(on_sale, count)

    def _found(self, listing_id: int) -> tuple[Member, Listing]:
        found = self.find_listing(listing_id)
        if found is None:
            raise KeyError(listing_id)
        return found
