"""A folder that may not be entered, for tests that may also run as root, whom no permissions stop."""

from __future__ import annotations

import errno
import io
import os
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path
from typing import Any
from unittest.mock import patch

_CALLS = ("stat", "lstat", "open", "scandir", "listdir", "mkdir", "rename", "replace", "unlink", "access")


@contextmanager
def locked(folder: Path) -> Iterator[None]:
    """Refuse everything in a folder, as if it were another user's and closed to us; SQLite is not stopped."""

    def refusing(call: Callable[..., Any], name: str) -> Callable[..., Any]:
        def refuse(path: Any = ".", *arguments: Any, **options: Any) -> Any:
            is_inside = isinstance(path, str | Path) and folder in Path(path).parents
            if name == "access" and (is_inside or Path(path) == folder):
                return False
            if is_inside or (name in ("scandir", "listdir") and Path(path) == folder):
                raise PermissionError(errno.EACCES, "Permission denied", str(path))
            return call(path, *arguments, **options)

        return refuse

    with ExitStack() as patches:
        for name in _CALLS:
            patches.enter_context(patch.object(os, name, refusing(getattr(os, name), name)))
        patches.enter_context(patch.object(io, "open", refusing(io.open, "open")))
        yield
