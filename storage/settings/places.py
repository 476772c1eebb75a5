"""The folders of one library, and paths typed by a person."""

from __future__ import annotations

import os
import sys
from collections.abc import Mapping
from pathlib import Path
from typing import NamedTuple

from paperdeck.storage.errors import InvalidInput
from paperdeck.storage.files.disk import is_folder, is_there

APP = "paperdeck"
_ONE_FOLDER = ("darwin", "win32")
"""Platforms with one folder for settings, data and state."""


class Places(NamedTuple):
    """The folders of one library. Not a dataclass, as importing that module takes longer than a status line."""

    config: Path
    """Settings that a person edits."""
    data: Path
    """The reader's marks: precious, worth a backup, safe to share between devices."""
    cache: Path
    """Papers, ledger, full texts: all of it can be fetched again."""
    state: Path
    """Data of this device alone: its name, the undo history, reading positions."""

    @classmethod
    def find(cls, environ: Mapping[str, str] = os.environ) -> Places:
        """The folders from `PAPERDECK_HOME` if it is set, else by the platform's conventions.

        Raises:
            InvalidInput: a variable names something that can't be a folder.
        """
        home = environ.get("PAPERDECK_HOME")
        if home:
            root = absolute(home)
            _check_folder("PAPERDECK_HOME", root)
            return cls(root / "config", root / "data", root / "cache", root / "state")
        return cls._by_custom(environ)._apart()

    @classmethod
    def _by_custom(cls, environ: Mapping[str, str]) -> Places:
        """The platform's folders, or on every platform those of the XDG variables that are set.

        Users with other programs' settings in `~/.config` look for ours there too, even on macOS.
        """
        from platformdirs import PlatformDirs

        dirs = PlatformDirs(APP, appauthor=False)
        data, state, dotted = dirs.user_data_path, dirs.user_state_path, Path.home() / ".config" / APP
        if sys.platform in _ONE_FOLDER:
            state = state / "state"
            data = data if _has_marks(data) else data / "data"
        return cls(
            _from_xdg(environ, "XDG_CONFIG_HOME") or (dotted if is_there(dotted) else dirs.user_config_path),
            _from_xdg(environ, "XDG_DATA_HOME") or data,
            _from_xdg(environ, "XDG_CACHE_HOME") or dirs.user_cache_path,
            _from_xdg(environ, "XDG_STATE_HOME") or state,
        )

    def _apart(self) -> Places:
        """Four different folders, even if one path was given for several: marks can be shared, settings can't."""
        config, data, cache, state = self.config, self.data, self.cache, self.state
        return Places(
            config,
            data / "data" if data == config and not _has_marks(data) else data,
            cache / "cache" if cache in (config, data) else cache,
            state / "state" if state in (config, data, cache) else state,
        )

    @property
    def config_file(self) -> Path:
        """The settings file."""
        return self.config / "config.toml"

    @property
    def marks(self) -> Path:
        """The folder of the marks."""
        return self.data / "marks"

    @property
    def papers(self) -> Path:
        """The folder of the papers."""
        return self.cache / "papers"

    @property
    def ledger(self) -> Path:
        """The folder of the ledger."""
        return self.cache / "ledger"

    @property
    def index_file(self) -> Path:
        """The search index."""
        return self.cache / "index.sqlite"

    @property
    def visits(self) -> Path:
        """The times of visits."""
        return self.state / "visit.json"

    @property
    def exports(self) -> Path:
        """The list of kept exports."""
        return self.state / "exports.json"

    @property
    def history(self) -> Path:
        """The folder of the undo history."""
        return self.state / "history"

    @property
    def locks(self) -> Path:
        """The folder of the locks."""
        return self.state / "locks"


def _has_marks(folder: Path) -> bool:
    """Whether an earlier version put the marks directly into a folder, where they stay."""
    return is_there(folder / "marks")


def _from_xdg(environ: Mapping[str, str], variable: str) -> Path | None:
    """Our folder below the one in a variable; as the specification demands, a relative path is ignored.

    Source: https://specifications.freedesktop.org/basedir-spec/latest/
    """
    base = Path(environ.get(variable, ""))
    if not base.is_absolute():
        return None
    _check_folder(variable, base)
    return base / APP


def _check_folder(variable: str, path: Path) -> None:
    """Refuse a file in the place of a folder; a missing folder will be made."""
    if is_there(path) and not is_folder(path):
        raise InvalidInput(f"{variable} is {short_path(path)}, which is not a folder; name a folder or unset it.")


def short_path(path: Path) -> str:
    """The path with `~` for the home folder."""
    try:
        return str(Path("~") / path.relative_to(Path.home()))
    except (ValueError, RuntimeError):
        return str(path)


def expanded(path: str | Path) -> Path:
    """The path with `~` and `~name` replaced by the home folder.

    Raises:
        InvalidInput: there is no such home folder.
    """
    try:
        return Path(path).expanduser()
    except RuntimeError as error:
        raise InvalidInput(f"There is no home folder “{Path(path).parts[0]}”; write the path out.") from error


def absolute(path: str | Path) -> Path:
    """The path from the root on, with `~` and `~name` replaced by the home folder.

    Raises:
        InvalidInput: there is no such home folder, or the working folder was deleted.
    """
    try:
        return expanded(path).absolute()
    except FileNotFoundError as error:
        raise InvalidInput("The folder that you are in was deleted; go to another one and try again.") from error
