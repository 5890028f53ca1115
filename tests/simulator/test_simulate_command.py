"""`cratewise simulate`: serves a world to other processes, and words nonsense."""

import json
import signal
import subprocess
import sys

import httpx2
import pytest

from cratewise.cli.simulate import simulate
from cratewise.errors import SettingError
from cratewise.simulator import Simulator

PROGRAM = [
    sys.executable,
    "-c",
    "import typer; from cratewise.cli.simulate import simulate; typer.run(simulate)",
]


def test_it_serves_until_it_is_interrupted_and_then_ends_well() -> None:
    options = ["--port", "0", "--sellers", "alice=30,bob=20", "--latency", "0", "--json"]
    with subprocess.Popen([*PROGRAM, *options], stdout=subprocess.PIPE, text=True) as program:
        assert program.stdout is not None
        told = json.loads(program.stdout.readline())
        headers = {"Authorization": f"Discogs token={told['token']}"}
        with httpx2.Client(base_url=told["url"], headers=headers) as client:
            identity = client.get("/oauth/identity").json()
            inventory = client.get("/users/bob/inventory").json()
        program.send_signal(signal.SIGINT)
        code = program.wait(timeout=60)

    assert identity["username"] == "digger"
    assert inventory["pagination"]["items"] == 20
    assert (told["sellers"]["alice"], told["sellers"]["bob"]) == (30, 20)
    assert code == 0


def test_it_tells_how_to_point_cratewise_at_it() -> None:
    options = ["--port", "0", "--sellers", "alice=3", "--minute", "5"]
    with subprocess.Popen([*PROGRAM, *options], stdout=subprocess.PIPE, text=True) as program:
        assert program.stdout is not None
        lines = [program.stdout.readline() for _ in range(9)]
        program.send_signal(signal.SIGINT)

    said = "".join(lines)
    assert "CRATEWISE_DISCOGS_API_URL=http://127.0.0.1:" in said
    assert "CRATEWISE_DISCOGS_MINUTE_SECONDS=5" in said
    assert "cratewise pull alice" in said


@pytest.mark.parametrize(
    ("option", "value", "complaint"),
    [
        ("sellers", "alice", "--sellers: 'alice' is not like alice=250."),
        ("sellers", "alice=many", "--sellers: 'alice=many' is not like alice=250."),
        ("sellers", "a=1,A=2", "--sellers: A is named twice."),
        ("sellers", "", "--sellers: names nobody; try alice=250."),
        ("sellers", "a=9000000", "--sellers: a may have 1,500,000 listings at most."),
        ("latency", "soon", "--latency: 'soon' is not like 0.3-1.5."),
        ("latency", "1.5-0.3", "--latency: 1.5-0.3 begins with the longer time."),
        ("minute", 0, "--minute: 0 is no length of time; try 60, or 5."),
        ("minute", float("inf"), "--minute: inf is no length of time; try 60, or 5."),
        ("minute", -5, "--minute: -5 is no length of time; try 60, or 5."),
    ],
)
def test_nonsense_is_told_in_a_sentence(option: str, value: object, complaint: str) -> None:
    options: dict[str, object] = {"port": 0, option: value}

    with pytest.raises(SettingError) as refused:
        simulate(**options)  # type: ignore[arg-type]  # one option of each kind in turn

    assert str(refused.value) == complaint


def test_a_taken_port_is_told_in_a_sentence(discogs: Simulator) -> None:
    port = int(discogs.url.rpartition(":")[2])

    with pytest.raises(SettingError, match=f"--port: cannot listen on {port}"):
        simulate(port=port)
