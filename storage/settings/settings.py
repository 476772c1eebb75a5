"""Settings from `config.toml` in the config folder, which the reader writes and we only read.

Everything works without a settings file. Unknown keys are reported with the nearest known one, and an invalid value is
replaced by its default, so that a typo never locks anybody out.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator, Mapping
from pathlib import Path
from types import MappingProxyType
from typing import Any, Final, NamedTuple

from paperdeck.storage.errors import InvalidInput
from paperdeck.storage.files.disk import text_of
from paperdeck.storage.text.clean import clean_line
from paperdeck.storage.text.words import did_you_mean

from .commands import OwnCommand, check_placeholders, check_program, fields_in, own_commands
from .places import Places

__all__ = ["Places", "Settings", "as_toml", "load_settings", "setting_values"]

RULE_TABLES = frozenset({"view", "mute", "follow"})
"""Tables of the settings file with rules; `rules.py` reads them."""

_USUAL_MAXIMUM: Final = 36_500
"""The largest number in most settings: a hundred years of days, as much as any date computation can take."""
_MAXIMUMS: Final = {"mail.port": 65_535, "look.density": 3}
"""Maximums that differ, by setting."""
SECURITIES: Final = ("starttls", "tls", "none")
"""The choices for `mail.security`."""
_TESTS: Final[Mapping[str, Callable[[Any], bool]]] = {
    "mail.security": SECURITIES.__contains__,
    "mail.ca_file": lambda file: not file or _is_whole(file),
    "files.downloads": lambda folder: _is_whole(folder),
}
"""Whether a text can be used, for settings that don't take every text."""
_PLACEHOLDERS: Final = {"browser": ("url",), "pdf": ("pdf", "pdf_url", "url")}
"""What is filled in, in the programs of `[open]`."""
_REFUSED = {
    "mail.password": "a password doesn't belong in the settings; put it in "
    "PAPERDECK_SMTP_PASSWORD, or name a command as “mail.password_command”, and delete it here.",
}


class ReadingSettings(NamedTuple):
    """When a paper counts as read."""

    read_after: float = 2.0
    """Seconds for which the cursor rests on a paper before it counts as read; 0: only `enter` and `m` mark it read."""


class FetchSettings(NamedTuple):
    """What to fetch, and how often."""

    days: int = 7
    """How many days of Daily Papers are kept fresh."""
    every_minutes: float = 30.0
    """Minutes between two refreshes while the app is open, though a day is only fetched again after 15; 0: only at
    startup and on `r`.
    """
    categories: tuple[str, ...] = ()
    """arXiv categories to follow, such as `cs.CL`."""


class LookSettings(NamedTuple):
    """The look."""

    theme: str = "paperdeck-dark"
    """The name of a theme. A theme chosen with `T` takes precedence; undoing the choice restores this one."""
    density: int = 0
    """Lines for each paper in the list, 1 to 3; 0: as many as most titles need. `<` and `>` change it."""
    ascii: bool = False
    """Whether to draw with ASCII characters only."""
    motion: bool = True
    """Whether anything on the screen may move by itself: a blinking cursor, a message that disappears."""


class FileSettings(NamedTuple):
    """Where downloaded files go."""

    downloads: str = "~/Papers"
    """The folder for PDFs; its whole path, which may begin with a tilde."""


class OpenSettings(NamedTuple):
    """Programs that open links and PDFs, as lists of arguments; no shell is involved. Empty: the system's default."""

    browser: tuple[str, ...] = ()
    """The program for links, such as `["firefox", "--new-window", "{url}"]`; without `{url}`, the link is
    appended.
    """
    pdf: tuple[str, ...] = ()
    """The program for PDFs: `["zathura", "{pdf}"]` gets the file, which is downloaded first if needed;
    `["firefox", "{pdf_url}"]` gets the link. Without either, the file is appended.
    """

    @property
    def pdf_takes_link(self) -> bool:
        """Whether the program for PDFs takes a link instead of a file."""
        return bool(fields_in(self.pdf) & {"url", "pdf_url"})


class MailSettings(NamedTuple):
    """How to send digests. The password is never stored here: it comes from
    `PAPERDECK_SMTP_PASSWORD` or from a command.
    """

    host: str = ""
    """The SMTP server for outgoing mail."""
    port: int = 0
    """Its port; 0: the default, 587 for `starttls`, 465 for `tls`, 25 for `none`."""
    security: str = "starttls"
    """`starttls`, `tls`, or `none` for a trusted server without encryption."""
    user: str = ""
    """The name to log in with; empty: no login."""
    sender: str = ""
    """The sender's address; empty: the user name, if that is an address."""
    password_command: str = ""
    """A command that prints the password, such as `pass show mail`."""
    ca_file: str = ""
    """A file with additional trusted certificates, for a server that uses a private CA; its whole path, which may begin
    with a tilde.
    """
    sendmail: str = ""
    """A command that sends the message instead of a server, such as `/usr/sbin/sendmail -i`."""


class Settings(NamedTuple):
    """All settings, with their defaults."""

    reading: ReadingSettings = ReadingSettings()
    fetch: FetchSettings = FetchSettings()
    look: LookSettings = LookSettings()
    files: FileSettings = FileSettings()
    open: OpenSettings = OpenSettings()
    mail: MailSettings = MailSettings()
    keys: Mapping[str, str] = MappingProxyType({})
    """Keys by action id, such as `star = "s,asterisk"`."""
    commands: tuple[OwnCommand, ...] = ()
    """Your own commands."""


def read_toml(path: Path) -> dict[str, Any]:
    """The tables in a file; none if there is no file.

    Raises:
        InvalidInput: it can't be read; the text says why.
    """
    try:
        text = text_of(path, "utf-8-sig")
        import tomllib  # imported here, as most starts have no settings file

        return tomllib.loads(text)
    except FileNotFoundError:
        return {}
    except (OSError, ValueError, RecursionError) as error:
        raise InvalidInput(str(error)) from error


def load_settings(path: Path) -> tuple[Settings, list[str]]:
    """The settings in a file, and a sentence for each invalid part."""
    try:
        table = read_toml(path)
    except InvalidInput as error:
        return Settings(), [f"The settings in {path} can't be read ({error}); the defaults are used."]
    complaints: list[str] = []
    known = {name: value for name, value in table.items() if name not in RULE_TABLES and name != "commands"}
    settings = _fill(Settings(), known, "", complaints)
    commands = own_commands(table.get("commands", []), complaints)
    settings = settings._replace(commands=commands, open=_valid_programs(settings.open, complaints))
    return settings, [f"{path.name}: {complaint}" for complaint in complaints]


def _valid_programs(programs: OpenSettings, complaints: list[str]) -> OpenSettings:
    """The valid programs; the default for others."""
    for name, words in programs._asdict().items():
        try:
            if words:
                check_program(words)
                check_placeholders(words, _PLACEHOLDERS[name])
        except InvalidInput as error:
            complaints.append(f"open.{name}: {error}")
            programs = programs._replace(**{name: ()})
    return programs


def _fill(default: Any, table: Mapping[str, Any], prefix: str, complaints: list[str]) -> Any:
    """A copy of a settings object with those of the table's values that have the right type."""
    known = default._asdict()
    changes: dict[str, Any] = {}
    for name, value in table.items():
        if prefix + name in _REFUSED:
            complaints.append(_REFUSED[prefix + name])
        elif name not in known:
            hint = did_you_mean(name, known, prefix) or "."
            complaints.append(f"unknown setting “{prefix}{clean_line(name)}”{hint}")
        elif hasattr(known[name], "_fields"):
            if isinstance(value, Mapping):
                changes[name] = _fill(known[name], value, f"{prefix}{name}.", complaints)
            else:
                complaints.append(_complaint(f"{prefix}{name}", value, f"it must be a table, [{prefix}{name}]."))
        elif isinstance(known[name], Mapping) and isinstance(value, Mapping):
            changes[name] = {key: text for key, text in value.items() if isinstance(text, str)}
            wrong = (key for key in value if key not in changes[name])
            complaints += [
                _complaint(f"{name}.{clean_line(key)}", value[key], "it must be text in quotes.") for key in wrong
            ]
        elif (converted := _converted(prefix + name, known[name], value)) is not None:
            changes[name] = converted
        else:
            complaints.append(_complaint(f"{prefix}{name}", value, _correction(known[name], value)))
    return default._replace(**changes)


def _complaint(name: str, value: Any, correction: str) -> str:
    return clean_line(f"“{name}” can't be {as_toml(value)}; {correction}")


def _correction(default: Any, value: Any) -> str:
    """What an invalid value must be, or what is used instead."""
    if isinstance(default, tuple):
        words = value.split() if isinstance(value, str) else ["one", "two"]
        return f"it must be a list, such as {as_toml(words)}."
    return "it must be a table." if isinstance(default, Mapping) else f"{as_toml(default)} is used."


def as_toml(value: object) -> str:
    """A value as written in TOML."""
    if isinstance(value, (str, bool, list, tuple)):
        return json.dumps(value, ensure_ascii=False, default=str)
    return str(value)


def _converted(name: str, default: Any, value: Any) -> Any:
    """The value of a setting in the type of its default, or None if it can't be used."""
    converted = _convert(default, value, _MAXIMUMS.get(name, _USUAL_MAXIMUM))
    is_usable = _TESTS.get(name)
    return converted if converted is None or is_usable is None or is_usable(converted) else None


def _is_whole(path: str) -> bool:
    """Whether a path means the same wherever paperdeck is started."""
    return path.startswith("~") or Path(path).is_absolute()


def _convert(default: Any, value: Any, maximum: int) -> Any:
    """The value converted to the type of the default, or None if that isn't possible."""
    if isinstance(default, bool) or isinstance(value, bool):
        return value if isinstance(default, bool) and isinstance(value, bool) else None
    if isinstance(default, (int, float)):
        numeric = isinstance(value, (int, type(default))) and 0 <= value <= maximum
        return type(default)(value) if numeric else None
    if isinstance(default, str):
        return value if _is_text(value) else None
    if isinstance(default, tuple):
        return tuple(value) if isinstance(value, list) and all(map(_is_text, value)) else None
    return None


def _is_text(value: object) -> bool:
    """Whether a value is text without null characters, which neither paths nor arguments can contain."""
    return isinstance(value, str) and "\0" not in value


def setting_values(settings: Settings) -> Iterator[tuple[str, Any, Any]]:
    """Each setting's full name, value and default, in the order of definition, without `keys` and `commands`."""
    for section, values, defaults in zip(Settings._fields, settings, Settings(), strict=True):
        if hasattr(defaults, "_fields"):
            for name, value, default in zip(defaults._fields, values, defaults, strict=True):
                yield f"{section}.{name}", value, default
