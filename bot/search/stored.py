"""What was learnt in one file, so that a restart need not learn again. Only numbers: nothing in it is run."""

import zipfile
from pathlib import Path
from typing import Any

import numpy as np

from bot.search.bands import Bands
from bot.search.classifier import Machines
from bot.search.features import Vocabulary
from bot.search.files import write_whole
from bot.search.learning import HeldOut, Learnt
from bot.search.model import Model, Sense

FILE_NAME = "search.npz"


def write(folder: Path, digest: str, learnt: Learnt) -> None:
    numbers = _numbers(learnt)
    write_whole(folder / FILE_NAME, lambda file: np.savez(file, digest=np.array(digest), **numbers))


def read(folder: Path, digest: str) -> Learnt | None:
    """None when there is none, when it is of something else, or when it is broken."""
    try:
        with np.load(folder / FILE_NAME, allow_pickle=False) as kept:
            if str(kept["digest"]) != digest:
                return None
            return _from_numbers({name: kept[name] for name in kept.files})
    except (OSError, ValueError, KeyError, EOFError, zipfile.BadZipFile):
        return None


def _numbers(learnt: Learnt) -> dict[str, Any]:
    model = learnt.model
    pieces: dict[str, Any] = {
        "vocabulary": model.vocabulary,
        "words": model.words,
        "bands": learnt.bands,
        "held_out": learnt.held_out,
    }
    if model.sense:
        pieces["sense"] = model.sense
    found = {f"{piece}.{name}": value for piece, whole in pieces.items() for name, value in vars(whole).items()}
    return found | {"share": model.share, "sharpness": model.sharpness}


def _from_numbers(kept: dict[str, Any]) -> Learnt:
    def piece(name: str) -> dict[str, Any]:
        return {key.partition(".")[2]: value for key, value in kept.items() if key.startswith(f"{name}.")}

    bands = piece("bands")
    model = Model(
        Vocabulary(**piece("vocabulary")),
        Machines(**piece("words")),
        Sense(**piece("sense")) if "sense.bias" in kept else None,
        float(kept["share"]),
        float(kept["sharpness"]),
    )
    return Learnt(
        model,
        Bands(bands["first"], bands["among"], float(bands["sure"]), float(bands["near"])),
        HeldOut(**piece("held_out")),
    )
