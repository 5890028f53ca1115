"""Load what models are read with behind the scenes, where somebody has one.

scikit-learn and skops take two seconds; whoever opens triage first would wait for them.
Where nobody has learnt anything they stay out of memory.
"""

import threading
from typing import TYPE_CHECKING

from cratewise.store.engine import reading
from cratewise.store.models import has_models

if TYPE_CHECKING:
    from sqlalchemy import Engine


def load_libraries(engine: "Engine") -> threading.Thread:
    """Begin to load them; the thread ends once they are there, or nobody needs them."""
    thread = threading.Thread(target=_load, args=(engine,), name="libraries")
    thread.start()
    return thread


def _load(engine: "Engine") -> None:
    with reading(engine) as db:
        is_needed = has_models(db)
    if is_needed:
        import skops.io  # noqa: F401 - keeping.py reads models with it; scikit-learn comes along
