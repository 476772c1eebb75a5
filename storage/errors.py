"""What can go wrong, as one family of errors whose text is meant for the reader.

    PaperdeckError
    ├── InvalidInput        what was typed can't be used: an id, a query, a date, a setting
    │   └── FileInTheWay    a file that isn't ours is where we shall write
    ├── StoreError          a file of ours can't be read or written
    │   └── NoteChanged     a note is no longer the one that the reader began to edit
    ├── SourceError         a source (the Hub, arXiv) did not give a usable answer
    │   ├── NotFound        it answered, and does not know the paper
    │   ├── Refused         it answered, and refuses the request
    │   ├── Unreachable     it did not answer: no network, or it is down
    │   └── RateLimited     it asked us to wait longer than we are willing to
    └── ActionFailed        copying, opening, sending or installing did not work

Each message is one sentence: the thing, the reason and the way out. The command line prints it and ends with code 1
(2 for InvalidInput); the app shows it as a notice. Any other exception is a bug and is left loud.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from pathlib import Path


class PaperdeckError(Exception):
    """The base of all errors that a reader is meant to see."""


class InvalidInput(PaperdeckError):
    """What the reader gave can't be used."""


class FileInTheWay(InvalidInput):
    """A regular file that isn't ours is where we shall write; it may be replaced if the reader says so."""

    def __init__(self, path: Path, reason: str = "already exists") -> None:
        super().__init__(f"{path} {reason}; choose another name.")
        self.path = path
        """The file."""


class StoreError(PaperdeckError):
    """A file of the library can't be read or written; what was there before stays."""


class NoteChanged(StoreError):
    """The note of a paper was changed elsewhere while it was being edited; nothing was saved."""

    def __init__(self, note: str) -> None:
        super().__init__("The note was changed elsewhere while you edited it; yours is not saved yet.")
        self.note = note
        """The note as it is now."""


class SourceError(PaperdeckError):
    """A source did not give a usable answer."""


class NotFound(SourceError):
    """The source answered, and does not know the paper."""


class Refused(SourceError):
    """The source answered, and refuses the request; asking again would not help."""


class Unreachable(SourceError):
    """The source did not answer: there is no network, or it is down."""


class RateLimited(SourceError):
    """The source asks for a longer wait than the request is worth."""

    def __init__(self, message: str, wait: float) -> None:
        super().__init__(message)
        self.wait = wait
        """How long the source asks to wait, in seconds."""


class ActionFailed(PaperdeckError):
    """Something outside the library (clipboard, browser, mail) did not work."""
