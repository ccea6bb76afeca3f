"""Compiles the translations into the wheel."""

import shutil
from pathlib import Path
from tempfile import mkdtemp
from typing import Any

from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po
from hatchling.builders.hooks.plugin.interface import BuildHookInterface


class CompileTranslations(BuildHookInterface):
    def initialize(self, version: str, build_data: dict[str, Any]) -> None:
        """An editable install reads the .po files as they are, so that a change shows at once."""
        if version == "editable":
            return
        self.folder = Path(mkdtemp(prefix="digihulp-locales-"))
        for edited in sorted(Path(self.root, "locales").glob("*/LC_MESSAGES/messages.po")):
            language = edited.parts[-3]
            compiled = self.folder / f"{language}.mo"
            with edited.open("rb") as source, compiled.open("wb") as target:
                write_mo(target, read_po(source, locale=language))
            build_data["force_include"][str(compiled)] = f"bot/_shipped/locales/{language}/LC_MESSAGES/messages.mo"

    def finalize(self, version: str, _build_data: dict[str, Any], _artifact_path: str) -> None:
        if version != "editable":
            shutil.rmtree(self.folder)
