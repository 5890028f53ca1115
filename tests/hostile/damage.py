"""Damage good bytes a little, so that a parser gets far into them before it meets what is wrong."""

import os
from collections.abc import Sequence

from hypothesis import strategies as st

# How often; `make bench-long` tries far more.
TRIES = 8 * int(os.environ.get("CRATEWISE_REQUESTS", "4"))


@st.composite
def damaged(draw: st.DrawFn, good: bytes, pieces: Sequence[bytes]) -> bytes:
    """Bytes cut, overwritten, doubled, or with a piece put in that means something there."""
    found = bytearray(good)
    for _ in range(draw(st.integers(1, 4))):
        at = draw(st.integers(0, len(found)))
        length = draw(st.integers(0, 40))
        match draw(st.sampled_from(("cut", "overwrite", "double", "insert", "end", "noise"))):
            case "cut":
                del found[at : at + length]
            case "overwrite":
                found[at : at + length] = draw(st.binary(max_size=length))
            case "double":
                found[at:at] = found[at : at + length]
            case "insert":
                found[at:at] = draw(st.sampled_from(tuple(pieces)))
            case "end":
                del found[at:]
            case _:
                found[at:at] = draw(st.text(max_size=20)).encode("utf-8", "surrogatepass")
    return bytes(found)
