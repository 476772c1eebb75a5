"""Desktop notifications: `notify-send`, on macOS `osascript`, on Windows PowerShell; never through a shell.

The text, which may contain titles of papers, is passed as arguments to a constant script, or in its environment, and
escaped where it would be read as markup.
"""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from collections.abc import Mapping
from html import escape
from typing import NamedTuple

from paperdeck.storage.errors import ActionFailed

_TIMEOUT_SECONDS = 10.0
"""Time limit for the program that shows the notification."""
_APPLESCRIPT = ("on run argv", "display notification (item 2 of argv) with title (item 1 of argv)", "end run")
_POWERSHELL = (
    "Add-Type -AssemblyName System.Windows.Forms;"
    "$notice = New-Object System.Windows.Forms.NotifyIcon;"
    "$notice.Icon = [System.Drawing.SystemIcons]::Information;"
    "$notice.Visible = $true;"
    "$notice.ShowBalloonTip(5000, $env:NOTICE_TITLE, $env:NOTICE_TEXT, 'Info');"
    "Start-Sleep -Seconds 5;"
    "$notice.Dispose()"
)


class Notifier(NamedTuple):
    """A command that shows a notification."""

    command: list[str]
    environ: Mapping[str, str] = {}
    """Additional environment variables."""


def notifier(title: str, text: str, platform: str = sys.platform) -> Notifier:
    """The command that shows a notification; the title must be our own text, the rest may be anybody's."""
    if platform == "darwin":
        script = [word for line in _APPLESCRIPT for word in ("-e", line)]
        return Notifier(["osascript", *script, title, text])
    if platform == "win32":
        command = ["powershell", "-NoProfile", "-NonInteractive", "-Command", _POWERSHELL]
        return Notifier(command, {"NOTICE_TITLE": title, "NOTICE_TEXT": text})
    return Notifier(["notify-send", "--app-name=paperdeck", "--", title, escape(text, quote=False)])


def notify(title: str, text: str) -> None:
    """Show a notification.

    Raises:
        ActionFailed: the program for it is not installed, or failed.
    """
    command, variables = notifier(title, text)
    program = shutil.which(command[0])
    if program is None:
        raise ActionFailed(f"No notification was shown: {command[0]} was not found.")
    try:
        ended = subprocess.run(
            [program, *command[1:]],
            env={**os.environ, **variables},
            stdin=subprocess.DEVNULL,
            capture_output=True,
            timeout=_TIMEOUT_SECONDS,
            check=False,
        )
    except (OSError, subprocess.TimeoutExpired) as error:
        reason = "took too long" if isinstance(error, subprocess.TimeoutExpired) else f"can't be started ({error})"
        raise ActionFailed(f"No notification was shown, as {command[0]} {reason}.") from error
    if ended.returncode:
        raise ActionFailed(f"No notification was shown, as {command[0]} failed (code {ended.returncode}).")
