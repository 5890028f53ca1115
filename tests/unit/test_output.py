"""What commands write, for people, pipes and programs."""

import io
import json
import sys
from datetime import UTC, datetime

import numpy as np
import pytest

from cratewise.cli.output import Column, write_json, write_ndjson, write_table

COLUMNS = (Column("Artist", wraps=True), Column("Price", is_right=True))
ROWS = [("Sun Ra", "€12.50"), ("A\ttab and\na break", "¥1,500")]


class Terminal(io.StringIO):
    def isatty(self) -> bool:
        return True


def test_a_pipe_gets_cells_separated_by_tabs_and_never_cut(
    capsys: pytest.CaptureFixture[str],
) -> None:
    write_table(COLUMNS, [*ROWS, ("x" * 500, "")])

    lines = capsys.readouterr().out.splitlines()
    assert lines[:3] == ["Artist\tPrice", "Sun Ra\t€12.50", "A tab and a break\t¥1,500"]
    assert lines[3] == "x" * 500 + "\t"


def test_a_terminal_gets_a_table_in_which_brackets_are_no_markup(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(sys, "stdout", terminal := Terminal())
    monkeypatch.setenv("COLUMNS", "60")

    write_table(COLUMNS, [("Untitled [red]", "€1.00")])

    assert "Untitled [red]" in terminal.getvalue()


def test_colour_is_left_out_when_the_reader_asks(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sys, "stdout", terminal := Terminal())
    monkeypatch.setenv("NO_COLOR", "1")
    monkeypatch.setenv("TERM", "xterm-256color")

    write_table([Column("Price", style="green")], [("€1.00",)])

    assert "\x1b[3" not in terminal.getvalue()


def test_json_holds_times_and_numbers_that_any_program_reads(
    capsys: pytest.CaptureFixture[str],
) -> None:
    write_json({"read_at": datetime(2026, 11, 1, tzinfo=UTC), "score": np.float64(2.5)})

    assert json.loads(capsys.readouterr().out) == {"read_at": "2026-11-01T00:00:00Z", "score": 2.5}


def test_an_unknown_number_is_null_in_json(capsys: pytest.CaptureFixture[str]) -> None:
    write_json({"score": float("nan")})

    assert capsys.readouterr().out == '{"score":null}\n'


def test_each_answer_stands_on_a_line_of_its_own(capsys: pytest.CaptureFixture[str]) -> None:
    write_ndjson([{"a": "line\nbreak"}, {"a": 2}])

    assert [json.loads(line) for line in capsys.readouterr().out.splitlines()] == [
        {"a": "line\nbreak"},
        {"a": 2},
    ]
