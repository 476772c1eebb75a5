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
        return cls._apart(dirs.user_config_path, dirs.user_data_path, dirs.user_cache_path, dirs.user_state_path)

    @classmethod
    def _apart(cls, config: Path, data: Path, cache: Path, state: Path) -> Places:
        """Four folders, also where the platform has one for several of them, as macOS and Windows do.

        The data are for sharing between devices, so neither settings nor state may be among them. People who have
        settings of other programs in `~/.config` look for ours there too.
        """
        home = data
        if state == home:
            state = home / "state"
        if cache == home:
            cache = home / "cache"
        if config == home:
            is_older = (home / "marks").exists()  # marks stay where earlier versions put them
            data = home if is_older else home / "data"
            own = Path(os.environ.get("XDG_CONFIG_HOME") or Path.home() / ".config") / APP
            config = own if own.exists() or os.environ.get("XDG_CONFIG_HOME") else config
        return cls(config, data, cache, state)

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
