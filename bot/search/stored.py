"""A learnt model in one file, so that a restart need not learn again. Only numbers: nothing in it is run."""

import os
import tempfile
import zipfile
from pathlib import Path
from typing import Any

import numpy as np

from bot.search.bands import Bands
from bot.search.classifier import Nearest, Regression
from bot.search.features import Vocabulary
from bot.search.model import Model

FILE_NAME = "search.npz"


def write(folder: Path, digest: str, model: Model, bands: Bands) -> None:
    """All or nothing: a reader never sees half a file. A folder that cannot be written is left alone."""
    try:
        folder.mkdir(parents=True, exist_ok=True)
        handle, name = tempfile.mkstemp(dir=folder, suffix=".part")
    except OSError:
        return
    part = Path(name)
    try:
        with os.fdopen(handle, "wb") as file:
            np.savez(file, allow_pickle=False, digest=np.array(digest), **_numbers(model, bands))
        part.replace(folder / FILE_NAME)
    except OSError:
        part.unlink(missing_ok=True)


def read(folder: Path, digest: str) -> tuple[Model, Bands] | None:
    """None when there is none, when it is of something else, or when it is broken."""
    try:
        with np.load(folder / FILE_NAME, allow_pickle=False) as kept:
            if str(kept["digest"]) != digest:
                return None
            return _from_numbers({name: kept[name] for name in kept.files})
    except (OSError, ValueError, KeyError, EOFError, zipfile.BadZipFile):
        return None


def _numbers(model: Model, bands: Bands) -> dict[str, Any]:
    pieces = {
        "vocabulary": vars(model.vocabulary),
        "regression": vars(model.regression),
        "nearest": vars(model.nearest),
        "bands": vars(bands),
    }
    found = {f"{piece}.{name}": value for piece, fields in pieces.items() for name, value in fields.items()}
    return found | {"owners": model.owners}


def _from_numbers(kept: dict[str, Any]) -> tuple[Model, Bands]:
    def piece(name: str) -> dict[str, Any]:
        return {key.partition(".")[2]: value for key, value in kept.items() if key.startswith(f"{name}.")}

    nearest, bands = piece("nearest"), piece("bands")
    model = Model(
        Vocabulary(**piece("vocabulary")),
        Regression(**piece("regression")),
        Nearest(nearest["starts"], nearest["samples"], nearest["values"], int(nearest["count"])),
        kept["owners"],
    )
    return model, Bands(bands["first"], bands["among"], float(bands["sure"]), float(bands["near"]))
