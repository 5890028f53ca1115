"""The schema's history: one file a step under `versions/`, numbered, only ever added to.

`python -m cratewise.store.migrations "what becomes true"` writes the next one.
"""

from pathlib import Path

FOLDER = Path(__file__).parent


def known_versions() -> list[str]:
    """The numbers of all steps, oldest first; the last is what this program expects."""
    return sorted(step.name.partition("_")[0] for step in (FOLDER / "versions").glob("[0-9]*.py"))
