"""Places: the folders of one library, and paths that a person wrote."""

from __future__ import annotations

import os
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from paperdeck.storage.errors import InvalidInput

APP = "paperdeck"


@dataclass(frozen=True, slots=True)
class Places:
    """The folders of one library."""

    config: Path
    """Settings that a person edits."""
    data: Path
    """The reader's marks: precious, worth a backup, safe to share between devices."""
    cache: Path
    """Papers, ledger, full texts: all of it can be fetched again."""
    state: Path
    """What belongs to this device alone: its name, the undo history, where the reader was."""

    @classmethod
    def find(cls, environ: Mapping[str, str] = os.environ) -> Places:
        """The folders by `PAPERDECK_HOME` if it is set, else by the customs of the platform."""
        home = environ.get("PAPERDECK_HOME")
        if home:
            root = expanded(home).absolute()
            return cls(root / "config", root / "data", root / "cache", root / "state")
        from platformdirs import PlatformDirs

        dirs = PlatformDirs(APP, appauthor=False)
        data, state = dirs.user_data_path, dirs.user_state_path
        if state == data:  # macOS and Windows have one folder for both
            state = data / "state"
        cache = dirs.user_cache_path
        return cls(dirs.user_config_path, data, data / "cache" if cache == data else cache, state)

    @property
    def config_file(self) -> Path:
        """The settings file."""
        return self.config / "config.toml"


def expanded(path: str | Path) -> Path:
    """The path with `~` and `~name` replaced by the home folder that they mean.

    Raises:
        InvalidInput: nobody has that home folder.
    """
    try:
        return Path(path).expanduser()
    except RuntimeError as error:
        raise InvalidInput(f"There is no home folder “{Path(path).parts[0]}”; write the path out.") from error
