"""The energy landscape of a draw, drawn with letters: where it is deep, draws fall often."""

from collections.abc import Sequence

COLUMNS, ROWS = 52, 12
SHADES = ((0.6, "█"), (0.3, "▓"), (0.1, "▒"), (0.02, "░"), (0.0, "·"))
PICKED = "◆"


def landscape(
    novelty: Sequence[float],
    utility: Sequence[float],
    probability: Sequence[float],
    picked: int,
    *,
    columns: int = COLUMNS,
    rows: int = ROWS,
) -> list[str]:
    """Lines of a map, the most desired above, the newest to the right.

    novelty, utility  (n,) 0 to 1; probability: (n,) of being drawn
    picked            the place of the one that was

    A cell is the darker the likelier a draw falls into it, against the likeliest cell.
    """
    nearest = min(novelty, default=0.0)
    width = max(max(novelty, default=1.0) - nearest, 1e-9)
    along = [(new - nearest) / width for new in novelty]
    cells: dict[tuple[int, int], float] = {}
    for new, wanted, chance in zip(along, utility, probability, strict=True):
        cell = _cell(new, wanted, columns, rows)
        cells[cell] = cells.get(cell, 0.0) + chance
    likeliest = max(cells.values(), default=1.0)
    drawn = {cell: _shade(chance / likeliest) for cell, chance in cells.items()}
    if novelty:
        drawn[_cell(along[picked], utility[picked], columns, rows)] = PICKED
    lines = [
        "".join(drawn.get((row, column), " ") for column in range(columns)).rstrip()
        for row in range(rows)
    ]
    edge = "─" * columns
    return [
        f"wanted ┌{edge}┐",
        *(f"       │{line:<{columns}}│" for line in lines),
        f"       └{edge}┘",
        " " * 8 + "like the rest".ljust(columns - 3) + "new",
    ]


def _cell(new: float, wanted: float, columns: int, rows: int) -> tuple[int, int]:
    column = min(int(new * columns), columns - 1)
    return min(int((1 - wanted) * rows), rows - 1), column


def _shade(share: float) -> str:
    return next(sign for least, sign in SHADES if share >= least)
