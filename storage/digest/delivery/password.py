"""The password of the mail server: from the environment or a command, never from our files."""

from __future__ import annotations

import subprocess
from collections.abc import Mapping

from paperdeck.storage.errors import ActionFailed
from paperdeck.storage.settings.settings import MailSettings
from paperdeck.storage.text.command_line import words_of

VARIABLE = "PAPERDECK_SMTP_PASSWORD"
"""The environment variable that may hold the password."""

_TIMEOUT_SECONDS = 60.0
"""Long enough for a password command that prompts the reader."""


def find_password(settings: MailSettings, environ: Mapping[str, str]) -> str:
    """The password for the user of the settings.

    Raises:
        ActionFailed: there is none, or the command for it failed.
    """
    found = environ.get(VARIABLE) or _from_command(settings.password_command)
    if found and found.isascii():
        return found
    if found:
        raise ActionFailed(f"The password for {settings.user} has letters outside ASCII, which SMTP can't carry.")
    raise ActionFailed(
        f"There is no password for {settings.user}; set {VARIABLE}, or name a command as “mail.password_command” in "
        "the settings, such as “secret-tool lookup service mail” or “pass show mail”."
    )


def _from_command(command: str) -> str | None:
    if not command.strip():
        return None
    name = command.split()[0]
    try:
        done = subprocess.run(words_of(command), stdout=subprocess.PIPE, timeout=_TIMEOUT_SECONDS, check=True)
    except subprocess.CalledProcessError as error:
        raise ActionFailed(f"The command for the password, {name}, failed with code {error.returncode}.") from error
    except subprocess.TimeoutExpired as error:
        raise ActionFailed(
            f"The command for the password, {name}, took over {_TIMEOUT_SECONDS:.0f} seconds."
        ) from error
    except (OSError, ValueError) as error:
        raise ActionFailed(f"The command for the password, {name}, can't be run: {error}.") from error
    return done.stdout.decode(errors="replace").split("\n", 1)[0].rstrip("\r")
