"""Writing a file as a whole."""

import os
import tempfile
from collections.abc import Callable
from pathlib import Path
from typing import IO


def write_whole(path: Path, write: Callable[[IO[bytes]], object]) -> bool:
    """All or nothing: a reader never sees half a file. A folder that cannot be written is left alone."""
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        handle, name = tempfile.mkstemp(dir=path.parent, suffix=".part")
    except OSError:
        return False
    part = Path(name)
    try:
        with os.fdopen(handle, "wb") as file:
            write(file)
        part.replace(path)
    except OSError:
        part.unlink(missing_ok=True)
        return False
    return True
