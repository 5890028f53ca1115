"""What `cratewise doctor` found of one thing."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Finding:
    """One thing that was looked at.

    remedy  what to do; empty when there is nothing to do.
    """

    what: str
    is_well: bool
    found: str
    remedy: str = ""
