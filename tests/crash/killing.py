"""Start a pulling process, kill it, and look for what a kill may not leave behind."""

import subprocess
import sys
from collections import Counter
from dataclasses import dataclass, field
from pathlib import Path
from subprocess import PIPE

from sqlalchemy import Engine, func, select

from cratewise.simulator import Simulator
from cratewise.store.engine import reading
from cratewise.store.tables import listings, pull_pages, pulls

PULLER = Path(__file__).with_name("puller.py")
PageAsked = tuple[str, str, int]


class Puller:
    """A pulling process, heard line by line."""

    def __init__(
        self,
        simulator: Simulator,
        database_url: str,
        seller: str,
        *,
        freezes_at: int | None = None,
        budget: int | None = None,
    ) -> None:
        command = [sys.executable, "-W", "error", str(PULLER), simulator.url, database_url, seller]
        command += ["never" if freezes_at is None else str(freezes_at)]
        command += [] if budget is None else [str(budget)]
        self.process = subprocess.Popen(command, stdin=PIPE, stdout=PIPE, text=True)

    def line(self) -> str:
        """What it says next; empty when it has ended."""
        if self.process.stdout is None:
            raise AssertionError("a puller without ears")
        return self.process.stdout.readline().strip()

    def wait_for(self, line: str) -> bool:
        """Listen until it says this; False when it ends before."""
        while (said := self.line()) != line:
            if not said:
                return False
        return True

    def kill(self) -> None:
        self.process.kill()
        self.process.communicate()

    def thaw(self) -> str:
        """Let it go on, and listen to its end; the last line."""
        if self.process.stdin is None:
            raise AssertionError("a puller without hands")
        self.process.stdin.write("go on\n")
        self.process.stdin.flush()
        last = ""
        while said := self.line():
            last = said
        self.process.communicate()
        return last


@dataclass
class Witness:
    """Knows which pages were stored at each kill, and so which may not be asked for again."""

    simulator: Simulator
    engine: Engine
    kills: list[tuple[int, set[PageAsked]]] = field(default_factory=list)

    def note_kill(self) -> None:
        self.kills.append((len(self.simulator.requests), self.stored_pages()))

    def is_done(self) -> bool:
        with reading(self.engine) as db:
            return "done" in db.execute(select(pulls.c.state)).scalars().all()

    def stored_pages(self) -> set[PageAsked]:
        page = pull_pages.c
        with reading(self.engine) as db:
            return {tuple(row) for row in db.execute(select(page.sort, page.direction, page.page))}

    def asked_again(self) -> list[PageAsked]:
        """Pages that were asked for although a kill had found them stored."""
        asked = [_page(request.query) for request in self.simulator.requests if _is_page(request)]
        places = [n for n, request in enumerate(self.simulator.requests) if _is_page(request)]
        return [
            page
            for place, page in zip(places, asked, strict=True)
            if any(place >= begun and page in stored for begun, stored in self.kills)
        ]

    def lost_and_doubled(self, seller: str) -> tuple[set[int], list[int]]:
        """Listings that Discogs has and we have not; those that we have twice."""
        with reading(self.engine) as db:
            held = Counter(db.execute(select(listings.c.discogs_listing_id)).scalars())
        lost = set(self.simulator.world.listings(seller)) - set(held)
        return lost, [number for number, count in held.items() if count > 1]

    def counts_agree(self) -> bool:
        """Whether the pulls' own counts are those of their pages and of the listings."""
        with reading(self.engine) as db:
            stored = db.scalar(select(func.count()).select_from(listings))
            unseen = db.scalar(select(func.sum(pull_pages.c.unseen)))
            row = db.execute(select(func.sum(pulls.c.seen), func.sum(pulls.c.new))).one()
        return len({*row, unseen, stored}) == 1


def _is_page(request: object) -> bool:
    return str(getattr(request, "path", "")).endswith("/inventory")


def _page(query: dict[str, str]) -> PageAsked:
    return query["sort"], query["sort_order"], int(query["page"])
