"""Files that were sent, kept in memory; a file id stands for one of them in every later call."""

import secrets
import struct
from dataclasses import dataclass

from bot.demo import limits
from bot.demo.errors import bad_request

FOLDERS = {"photo": "photos", "voice": "voice", "document": "documents"}


@dataclass(frozen=True)
class Upload:
    """A file as it came in."""

    name: str
    mime: str
    content: bytes


@dataclass(frozen=True)
class StoredFile:
    """`kind` is the field of a message that carries it, such as "photo" or "document"."""

    id: str
    unique_id: str
    kind: str
    name: str
    mime: str
    content: bytes
    path: str

    @property
    def size(self) -> int:
        return len(self.content)

    def as_upload(self) -> Upload:
        return Upload(self.name, self.mime, self.content)


class Files:
    def __init__(self) -> None:
        self._by_id: dict[str, StoredFile] = {}
        self._by_path: dict[str, StoredFile] = {}
        self._by_unique_id: dict[str, StoredFile] = {}

    def keep(self, kind: str, upload: Upload) -> StoredFile:
        number = len(self._by_id)
        unique_id = "AQAD" + secrets.token_urlsafe(9)
        path = f"{FOLDERS.get(kind, 'files')}/file_{number}{_suffix(upload.name)}"
        stored = StoredFile(
            f"AgAC{secrets.token_urlsafe(40)}", unique_id, kind, upload.name, upload.mime, upload.content, path
        )
        self._by_id[stored.id] = self._by_path[path] = self._by_unique_id[unique_id] = stored
        return stored

    def with_id(self, id: str) -> StoredFile | None:
        return self._by_id.get(id)

    def at_path(self, path: str) -> StoredFile | None:
        return self._by_path.get(path)

    def with_unique_id(self, unique_id: str) -> StoredFile | None:
        return self._by_unique_id.get(unique_id)


def _suffix(name: str) -> str:
    dot = name.rfind(".")
    ending = name[dot + 1 :] if dot > 0 else ""
    return f".{ending}" if ending.isalnum() and len(ending) <= 8 else ""


def picture_size(content: bytes) -> tuple[int, int] | None:
    """Width and height of a PNG, GIF, JPEG or (extended) WebP picture; None for anything else."""
    if content.startswith(b"\x89PNG\r\n\x1a\n") and len(content) >= 24:
        width, height = struct.unpack(">II", content[16:24])
    elif content[:6] in (b"GIF87a", b"GIF89a") and len(content) >= 10:
        width, height = struct.unpack("<HH", content[6:10])
    elif content.startswith(b"\xff\xd8"):
        return _jpeg_size(content)
    elif content[:4] == b"RIFF" and content[8:16] == b"WEBPVP8X" and len(content) >= 30:
        width, height = (1 + int.from_bytes(content[at : at + 3], "little") for at in (24, 27))
    else:
        return None
    return width, height


def _jpeg_size(content: bytes) -> tuple[int, int] | None:
    """Walks the segments up to the one that starts the frame; it says height, then width."""
    at = 2
    while at + 9 <= len(content) and content[at] == 0xFF:
        marker = content[at + 1]
        if 0xC0 <= marker <= 0xCF and marker not in (0xC4, 0xC8, 0xCC):
            height, width = struct.unpack(">HH", content[at + 5 : at + 9])
            return width, height
        at += 2 + int.from_bytes(content[at + 2 : at + 4], "big")
    return None


def check_upload(kind: str, upload: Upload) -> None:
    """Raises where Telegram would not take the file as such a message."""
    if not upload.content:
        raise bad_request("file must be non-empty")
    if kind == "photo":
        _check_photo(upload.content)


def _check_photo(content: bytes) -> None:
    if len(content) > limits.PHOTO_BYTES:
        raise bad_request(f"too big file: {len(content)} bytes is more than a photo may have")
    size = picture_size(content)
    if size is None:
        raise bad_request("IMAGE_PROCESS_FAILED")
    narrow, wide = sorted(size)
    if wide + narrow > limits.PHOTO_SIDES or wide > limits.PHOTO_RATIO * max(1, narrow):
        raise bad_request("PHOTO_INVALID_DIMENSIONS")
