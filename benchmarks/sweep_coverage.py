"""How much of a stock beyond 20,000 a deep pull shows, request by request.

    python benchmarks/sweep_coverage.py              five seeds, some minutes
    python benchmarks/sweep_coverage.py --seeds 1

Sellers of 42,873 and 98,590 in the simulated market, whose keys go together as real
ones do: artists with labels, labels with catalogue numbers, prices in steps, stock
listed in batches.  Our order is that of inventory/deep.py with eight pages under way;
beside it the fixed order listed, price, item, artist, label, catno, audio, each
descending and ascending, of 100 pages each.  A request shows a page; the profile's,
the first of every pull, shows none.  Then five daily quick looks, a hundred listings
sold, added and repriced before each, by which coverage is of what is then for sale.

Promised: at most 0.5 % below the fixed order anywhere, and at 1,400 requests at least
98 % of what all fourteen orderings show.
"""

import argparse
import sys
from collections.abc import Iterator
from dataclasses import dataclass, field
from itertools import islice
from statistics import mean

from cratewise.inventory.deep import BUDGET, DIRECTIONS, SORTS, DeepPlan
from cratewise.inventory.sweep import LAST_PAGE, PAGE_SIZE, PageAt, Tick, next_pages
from cratewise.simulator import World

CLAIMS = (42_873, 98_590)
MARKS = (200, 600, 1_000, 1_400)
DAYS = 5
MOVED_A_DAY = 100
UNDER_WAY = 8
LOST_AT_MOST = 0.005
SHOWN_AT_LEAST = 0.98
SELLER = "big"


@dataclass(slots=True)
class Reader:
    """Reads pages of the stock, without HTTP, and remembers whose listings were seen."""

    world: World
    seen: set[int] = field(default_factory=set)
    requests: int = 1  # the profile's
    at_marks: dict[int, int] = field(default_factory=dict)

    def read(self, at: PageAt) -> Tick:
        member = self.world.seller(SELLER)
        start = (at.page - 1) * PAGE_SIZE
        page, _ = self.world.page(member, at.sort, at.direction == "desc", start, PAGE_SIZE)
        before = len(self.seen)
        self.seen.update(listing.id for listing in page)
        self.requests += 1
        if self.requests in MARKS:
            self.at_marks[self.requests] = len(self.seen)
        return Tick(at, len(page), len(self.seen) - before)

    def marks(self) -> list[int]:
        """What was seen at each mark; what was seen at all where reading ended before."""
        return [self.at_marks.get(mark, len(self.seen)) for mark in MARKS]


def fixed_order() -> Iterator[PageAt]:
    for sort in SORTS:
        for direction in DIRECTIONS:
            for page in range(1, LAST_PAGE + 1):
                yield PageAt(sort, direction, page)


def read_deep(reader: Reader, claimed: int) -> None:
    plan = DeepPlan(claimed)
    stored: list[Tick] = []
    under_way: list[PageAt] = []
    while True:
        under_way += plan.next_pages(
            BUDGET - 1, stored, under_way=under_way, at_most=UNDER_WAY - len(under_way)
        )
        if not under_way:
            return
        stored.append(reader.read(under_way.pop(0)))


def look_daily(reader: Reader, claimed: int) -> float:
    """Five quick looks while stock moves; which part of what is for sale is known at last."""
    world = reader.world
    for _ in range(DAYS):
        world.sell(SELLER, MOVED_A_DAY)
        world.add(SELLER, MOVED_A_DAY)
        world.reprice(SELLER, MOVED_A_DAY)
        stored: list[Tick] = []
        while asked := next_pages("quick", claimed, 0, stored):
            stored += [reader.read(page) for page in asked]
    for_sale = world.listings(SELLER).keys()
    return len(reader.seen & for_sale) / len(for_sale)


@dataclass(frozen=True, slots=True)
class Row:
    ours: list[int]
    fixed: list[int]
    everything: int
    requests: int
    after_looks: float


def measured(claimed: int, seed: int) -> Row:
    world = World(seed, {SELLER: claimed})
    fixed, ours = Reader(world), Reader(world)
    for page in islice(fixed_order(), BUDGET - 1):
        fixed.read(page)
    by_fixed = fixed.marks()
    fixed.read(PageAt(SORTS[-1], DIRECTIONS[-1], LAST_PAGE))
    read_deep(ours, claimed)
    requests, by_ours = ours.requests, ours.marks()
    return Row(by_ours, by_fixed, len(fixed.seen), requests, look_daily(ours, claimed))


def report(claimed: int, rows: list[Row]) -> bool:
    """Print a table; whether what is promised was kept."""
    everything = mean(row.everything for row in rows)
    requests = mean(row.requests for row in rows)
    print(f"\nA seller of {claimed:,}, mean of {len(rows)} seeds; all fourteen orderings show")
    print(
        f"{everything:,.0f} ({everything / claimed:.1%}); ours ends after {requests:,.0f} requests"
    )
    print(f"{'requests':>9}{'ours':>9}{'fixed':>9}{'ratio':>9}{'of all 14':>11}{'coverage':>10}")
    worst = 1.0
    for place, mark in enumerate(MARKS):
        ours = mean(row.ours[place] for row in rows)
        fixed = mean(row.fixed[place] for row in rows)
        worst = min(worst, ours / fixed)
        print(f"{mark:9,}{ours:9,.0f}{fixed:9,.0f}{ours / fixed:9.4f}", end="")
        print(f"{ours / everything:11.2%}{ours / claimed:10.2%}")
    looks = mean(row.after_looks for row in rows)
    print(f"after {DAYS} daily quick looks{looks:31.2%} of what is then for sale")
    shown = mean(row.ours[-1] for row in rows) / everything
    return worst >= 1 - LOST_AT_MOST and shown >= SHOWN_AT_LEAST


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--seeds", type=int, default=5)
    seeds = range(1, parser.parse_args().seeds + 1)
    kept = [report(claimed, [measured(claimed, seed) for seed in seeds]) for claimed in CLAIMS]
    promise = f"promised {1 - LOST_AT_MOST:.3f} of the fixed order, {SHOWN_AT_LEAST:.0%} of all 14"
    print(f"\n{promise}: {'kept' if all(kept) else 'BROKEN'}")
    return 0 if all(kept) else 1


if __name__ == "__main__":
    sys.exit(main())
