"""The password of the mail server: from the system's keyring, the environment or a command, never from our files."""

from __future__ import annotations

import shlex
import subprocess
from collections.abc import Mapping
from importlib import import_module
from importlib.util import find_spec

from paperdeck.storage.errors import ActionFailed
from paperdeck.storage.settings.settings import APP, MailSettings

VARIABLE = "PAPERDECK_SMTP_PASSWORD"
"""The environment variable that may hold the password."""

_PATIENCE = 60.0
"""Seconds for a command, which may ask the person for something."""


def find_password(settings: MailSettings, environ: Mapping[str, str]) -> str:
    """The password for the user of the settings.

    Raises:
        ActionFailed: there is none, or the command for it failed.
    """
    found = _from_keyring(settings.user) or environ.get(VARIABLE) or _from_command(settings.password_command)
    if found and found.isascii():
        return found
    if found:
        raise ActionFailed(f"The password for {settings.user} has letters outside ASCII, which SMTP can't carry.")
    raise ActionFailed(
        f"There is no password for {settings.user}; put it into {VARIABLE}, into the system's keyring "
        f"(“keyring set {APP} {settings.user}”), or name a command as “mail.password_command” in the settings."
    )


def _from_keyring(user: str) -> str | None:
    """What the keyring has for us; the package is not a dependency, and a keyring that is locked or absent has none."""
    if find_spec("keyring") is None:
        return None
    keyring = import_module("keyring")
    try:
        password = keyring.get_password(APP, user)
    except keyring.errors.KeyringError:
        return None
    return password if isinstance(password, str) else None


def _from_command(command: str) -> str | None:
    if not command.strip():
        return None
    name = command.split()[0]
    try:
        done = subprocess.run(shlex.split(command), stdout=subprocess.PIPE, timeout=_PATIENCE, check=True)
    except subprocess.CalledProcessError as error:
        raise ActionFailed(f"The command for the password, {name}, failed with code {error.returncode}.") from error
    except subprocess.TimeoutExpired as error:
        raise ActionFailed(f"The command for the password, {name}, took more than {_PATIENCE:.0f} seconds.") from error
    except (OSError, ValueError) as error:
        raise ActionFailed(f"The command for the password, {name}, can't be run: {error}.") from error
    return done.stdout.decode(errors="replace").split("\n", 1)[0].rstrip("\r")
