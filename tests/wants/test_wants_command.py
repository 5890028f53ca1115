"""`cratewise wants`, as people and programs use it."""

from collections.abc import Callable, Iterator
from typing import Any

import pytest
from tests.wants.conftest import Cratewise

from cratewise.simulator import Simulator, World
from cratewise.simulator.members import Member

Answered = Callable[..., Any]


@pytest.fixture
def digger(cratewise: Cratewise, monkeypatch: pytest.MonkeyPatch) -> Iterator[Member]:
    with Simulator(World(sellers={"alice": 2_000})) as discogs:
        monkeypatch.setenv("CRATEWISE_DISCOGS_API_URL", discogs.url)
        monkeypatch.setenv("CRATEWISE_DISCOGS_TOKEN", World.token("digger"))
        monkeypatch.setenv("CRATEWISE_DISCOGS_MINUTE_SECONDS", "0.2")
        yield discogs.world.seller("digger")


def test_an_empty_wantlist_says_how_to_fill_it(cratewise: Cratewise) -> None:
    assert "`cratewise sync` reads your wantlist" in " ".join(cratewise("wants").stdout.split())
    assert "No seller that you follow" in cratewise("wants", "--sellers").stdout
    assert cratewise("wants", "--outbox").stdout == "Discogs knows of every change.\n"


def test_a_want_is_added_shown_sent_and_synced(
    cratewise: Cratewise, answered: Answered, digger: Member
) -> None:
    cratewise("sync", "--wants")
    old = next(iter(digger.wants))

    changed = answered("wants", "--add", "r1009", "--remove", str(old))["changes"]
    waiting = answered("wants", "--outbox")["changes"]
    sent = cratewise("wants", "--send")

    assert [(one["release_id"], one["is_new"]) for one in changed] == [(1009, True), (old, True)]
    assert {(one["release_id"], one["deed"]) for one in waiting} == {
        (1009, "add"), (old, "remove")
    }  # fmt: skip
    assert "2 told to Discogs, 0 failed." in sent.stderr
    assert (1009 in digger.wants, old in digger.wants) == (True, False)
    assert answered("sync", "--wants")["lists"][0]["releases"] == 340
    assert answered("wants")["wants"][0]["release_id"] == 1009


def test_a_sync_tells_first_what_was_changed_here(
    cratewise: Cratewise, answered: Answered, digger: Member
) -> None:
    answered("wants", "--add", "1009")

    assert cratewise("sync", "--wants").exit_code == 0

    assert 1009 in digger.wants
    assert answered("wants", "--outbox")["changes"] == []


def test_a_change_is_undone_by_its_number(cratewise: Cratewise, answered: Answered) -> None:
    added = cratewise("wants", "--add", "https://www.discogs.com/release/249504-Rick-Astley")
    [change] = answered("wants", "--outbox")["changes"]

    assert f"`cratewise wants --undo {change['id']}` undoes it." in added.stdout
    undone = cratewise("wants", "--undo", str(change["id"]))
    assert undone.stdout == "Release 249504: Taken back; Discogs never heard of it.\n"
    assert answered("wants")["count"] == 0


def test_without_a_token_a_change_waits_and_says_why(
    cratewise: Cratewise, answered: Answered, digger: Member, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.delenv("CRATEWISE_DISCOGS_TOKEN")
    answered("wants", "--add", "1009")

    sent = cratewise("wants", "--send")

    assert sent.exit_code == 0
    assert "The rest waits: Discogs wants a valid token" in " ".join(sent.stderr.split())
    assert answered("wants")["count"] == 1


@pytest.mark.usefixtures("digger")
def test_the_sellers_of_the_wantlist_are_shown(cratewise: Cratewise, answered: Answered) -> None:
    cratewise("sync", "--wants")
    cratewise("pull", "alice")

    [alice] = answered("wants", "--sellers")["sellers"]

    assert alice["seller"] == "alice"
    assert alice["wants"] >= alice["exact"] > 0
    assert len(alice["listings"]) == alice["wants"]
    assert "no postage is noted" in cratewise("wants", "--sellers").stderr
    listed = answered("wants", "--limit", "400")["wants"]
    assert sum(one["for_sale"] > 0 for one in listed) == alice["exact"]


@pytest.mark.parametrize("text", ["x", "0", "-3", "99999999999999999999", "discogs.com/artist/3"])
def test_what_is_no_release_is_refused(cratewise: Cratewise, text: str) -> None:
    result = cratewise("wants", f"--add={text}")

    assert result.exit_code == 2
    assert "is no release" in " ".join(result.stderr.replace("│", " ").split())
    assert cratewise("wants", "--undo", "7").exit_code == 3
