"""`cratewise sellers`: whose stock was read, how much of it, and when."""

from datetime import datetime
from typing import TYPE_CHECKING, Any

from cratewise.cli.opening import open_account, open_settings, opened_store
from cratewise.cli.output import (
    AsJson,
    Column,
    console,
    is_terminal,
    remark,
    write_json,
    write_table,
)

if TYPE_CHECKING:
    from cratewise.store.following import FollowedSeller

EXAMPLES = (
    ("cratewise sellers", "everybody whose stock you have read"),
    ("cratewise sellers --json", "for programs"),
)

COLUMNS = (
    Column("seller", wraps=True, style="bold"),
    Column("for sale", is_right=True),
    Column("gone", is_right=True),
    Column("coverage", is_right=True),
    Column("last pull", wraps=True),
    Column("currency"),
)


def sellers(*, as_json: AsJson = False) -> None:
    """List the sellers whose stock was read."""
    from cratewise.clock import SystemClock
    from cratewise.inventory.followed import followed_as_they_stand
    from cratewise.store.engine import reading

    settings = open_settings()
    with opened_store(settings) as engine:
        account = open_account(settings, engine)
        with reading(engine) as db:
            followed = followed_as_they_stand(db, account.id, SystemClock().now())
    if as_json:
        write_json(_document(followed))
    elif not followed:
        remark("Nothing has been read yet: try `cratewise pull SELLER`, or `cratewise demo`.")
    else:
        now = SystemClock().now()
        write_table(COLUMNS, [_row(seller, now) for seller in followed])
        _write_notice(followed)


def coverage_text(coverage: float | None) -> str:
    """'99.8 %'; never '100 %' for less than all; '?' when it was not measured."""
    if coverage is None:
        return "?"
    # Rounded down: what is all but complete must not look complete.
    return "100 %" if coverage >= 1 else f"{int(coverage * 1000) / 10:.1f} %"


def _row(seller: "FollowedSeller", now: datetime) -> tuple[str, ...]:
    from cratewise.cli.listing_lines import printable

    state = "" if seller.state == "active" else f" ({seller.state})"
    return (
        printable(seller.seller) + state,
        f"{seller.for_sale:,}",
        f"{seller.gone:,}",
        coverage_text(seller.coverage),
        _last_pull(seller, now),
        seller.currency or "?",
    )


def _last_pull(seller: "FollowedSeller", now: datetime) -> str:
    from cratewise.cli.listing_lines import age

    at = seller.pull_finished_at or seller.pull_started_at
    if at is None or seller.pull_kind is None:
        return "never"
    kind = "import" if seller.pull_kind == "csv" else seller.pull_kind
    state = "" if seller.pull_state == "done" else f", {seller.pull_state}"
    return f"{age(now - at)}, {kind}{state}"


def _write_notice(followed: list["FollowedSeller"]) -> None:
    from cratewise.notices import DATA_NOTICE, SITE, seller_url

    # A few pages are worth their lines; of many, the site they are all on.
    urls = [seller_url(one.seller) for one in followed] if len(followed) <= 3 else [SITE]
    if is_terminal():
        links = "  ".join(f"[link={url}]{url}[/link]" for url in urls)
        console().print(f"{DATA_NOTICE} {links}", style="dim", soft_wrap=True)
    else:
        remark(" ".join([DATA_NOTICE, *urls]))


def _document(followed: list["FollowedSeller"]) -> dict[str, Any]:
    from cratewise.notices import API_NOTICE, DATA_NOTICE, seller_url

    return {
        "notices": [DATA_NOTICE, API_NOTICE],
        "sellers": [{**one._asdict(), "url": seller_url(one.seller)} for one in followed],
    }
