"""Whether ctrl+z leads back to a shell, and not to an empty screen forever."""

from __future__ import annotations

import os
import sys


def has_job_control() -> bool:
    """Whether a shell could resume us after ctrl+z.

    A shell with job control gives each job its own process group. Without one (`xterm -e paperdeck`,
    `tmux new paperdeck`, a desktop file), we are in the group of the session leader, and nothing would resume us.
    """
    if sys.platform == "win32":
        return False
    return os.getpgrp() != os.getsid(0)
