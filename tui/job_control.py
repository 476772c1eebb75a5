"""Whether ctrl+z leads back to a shell, and not to an empty screen for ever."""

from __future__ import annotations

import os
import sys


def has_job_control() -> bool:
    """Whether a shell would take us back after ctrl+z.

    A shell with job control gives each job a process group of its own. Where there is none (`xterm -e paperdeck`,
    `tmux new paperdeck`, a desktop file), we are in the group that leads the session, and nothing would wake us again.
    """
    if sys.platform == "win32":
        return False
    return os.getpgrp() != os.getsid(0)
