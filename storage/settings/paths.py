"""Paths that a person wrote."""

from __future__ import annotations

from pathlib import Path

from paperdeck.storage.errors import InvalidInput


def expanded(path: str | Path) -> Path:
    """The path with `~` and `~name` replaced by the home folder that they mean.

    Raises:
        InvalidInput: nobody has that home folder.
    """
    try:
        return Path(path).expanduser()
    except RuntimeError as error:
        raise InvalidInput(f"There is no home folder “{Path(path).parts[0]}”; write the path out.") from error
