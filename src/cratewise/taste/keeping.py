"""Keep a trained model in a file, and read it back without letting the file run anything.

A line with the checksum, then what skops wrote.  skops, unlike pickle, builds only
objects of types that are named here or that it trusts itself; everything else in a file
is refused before any of it is built.
"""

import os
import tempfile
import zipfile
import zlib
from hashlib import sha256
from pathlib import Path
from typing import Any

from cratewise.errors import ModelRefused
from cratewise.taste.forest_model import ForestModel
from cratewise.taste.line_model import LineModel
from cratewise.taste.models import Model

HEAD = b"cratewise model 1 sha256 "
DIGITS = 64  # of a sha256, in hexadecimal

TRUSTED = (
    "cratewise.taste.company.Company",
    "cratewise.taste.forest_model.ForestModel",
    "cratewise.taste.forest_model.Kind",
    "cratewise.taste.line_model.LineModel",
    "cratewise.taste.linear.Line",
    "cratewise.taste.names.Names",
    "cratewise.taste.own.Usual",
    "cratewise.taste.stock.Stock",
    "cratewise.taste.view.Part",
    "cratewise.taste.vocabulary.Vocabulary",
    "sklearn.tree._tree.Tree",  # asked by row numbers that it does not check: paths.is_sound does
)

# What reading a zip, and building what it names, ends in.
_UNREADABLE = (
    zipfile.BadZipFile,
    zlib.error,
    EOFError,
    RuntimeError,  # an entry is encrypted, or packed in a way that Python does not know
    LookupError,
    ValueError,
    TypeError,
    AttributeError,
)


def keep(model: Model, path: Path) -> str:
    """Write the model; returns the checksum, 64 hexadecimal digits.

    Whoever reads `path` meanwhile sees the old file or the new one, never half of one.
    Raises OSError.
    """
    from skops.io import dumps

    body = dumps(model, compression=zipfile.ZIP_DEFLATED, compresslevel=1)  # half the size
    checksum = sha256(body).hexdigest()
    write(path, HEAD + checksum.encode() + b"\n" + body)
    return checksum


def write(path: Path, whole: bytes) -> None:
    """Let a file hold this, at once.  Raises OSError."""
    with tempfile.NamedTemporaryFile(dir=path.parent, prefix=f".{path.name}.", delete=False) as new:
        try:
            new.write(whole)
            new.flush()
            os.fsync(new.fileno())
        except BaseException:
            Path(new.name).unlink()
            raise
    Path(new.name).replace(path)


def load(path: Path, checksum: str | None = None) -> Model:
    """The model in a file.

    checksum  what `keep` returned, where it was remembered elsewhere: another file, whole
              as it may be, is then refused too

    Raises ModelRefused for a file that is missing, damaged or foreign.
    """
    body = _verified(path, checksum)
    model = _built(path, body)
    if not isinstance(model, LineModel | ForestModel):
        raise ModelRefused(path, f"it holds a {type(model).__name__}, not a model")
    if isinstance(model, ForestModel) and not model.is_sound:
        raise ModelRefused(path, "its trees lead nowhere")
    return model


def verify(path: Path, checksum: str) -> None:
    """See that a file is whole and the one that was kept, which loads no library.

    Raises ModelRefused.
    """
    _verified(path, checksum)


def _verified(path: Path, checksum: str | None) -> bytes:
    try:
        whole = path.read_bytes()
    except OSError as error:
        raise ModelRefused(path, f"it cannot be read ({error.strerror})") from error
    line, _, body = whole.partition(b"\n")
    if not line.startswith(HEAD) or len(line) != len(HEAD) + DIGITS:
        raise ModelRefused(path, "it was not written by Cratewise")
    told = line.removeprefix(HEAD).decode("ascii", "replace")
    if sha256(body).hexdigest() != told:
        raise ModelRefused(path, "it is damaged: its checksum is another")
    if checksum is not None and told != checksum:
        raise ModelRefused(path, "it is another model than the one that was kept")
    return body


def _built(path: Path, body: bytes) -> Any:
    from skops.io import get_untrusted_types, loads
    from skops.io.exceptions import UnsupportedTypeException, UntrustedTypesFoundException

    try:
        strangers = set(get_untrusted_types(data=body)) - set(TRUSTED)
        if strangers:
            raise ModelRefused(path, f"it holds a type that is not trusted: {min(strangers)}")
        return loads(body, trusted=list(TRUSTED))
    except (UnsupportedTypeException, UntrustedTypesFoundException) as error:
        raise ModelRefused(path, f"it holds a type that is not trusted: {error}") from error
    except _UNREADABLE as error:
        # Ours by its checksum, and still not readable: written by another version.
        raise ModelRefused(path, f"another version wrote it: {error}") from error
