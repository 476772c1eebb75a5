"""What several commands share: the library, messages, output, and the papers and files named as arguments."""

from __future__ import annotations

import sys
from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

from paperdeck.storage.errors import InvalidInput, NotFound, StoreError
from paperdeck.storage.identifiers import parse_reference
from paperdeck.storage.library.library import Library
from paperdeck.storage.settings.places import Places, absolute
from paperdeck.storage.text.clean import for_screen

if TYPE_CHECKING:
    from paperdeck.storage.paper import Entry, Paper
    from paperdeck.storage.settings.settings import Settings


def open_library(command: str = "") -> Library:
    """The reader's library; the command is named in the history of changes."""
    return Library(Places.find(), maker=f"paperdeck {command}".strip())


def complaints_about(settings: Settings) -> list[str]:
    """A sentence for each key and theme in the settings that can't be used; only the reader knows them."""
    from paperdeck.tui.keys.own import complaints_about_keys
    from paperdeck.tui.look.themes import complaints_about_theme

    return [*complaints_about_theme(settings), *complaints_about_keys(settings)]


# -- words and data ------------------------------------------------------------------------------------------------


def tell(words: str) -> None:
    """Print a message on standard error, on one clean line, as the names of files in it may hold anything."""
    print(for_screen(words), file=sys.stderr)


def warn(*problems: object) -> None:
    """Report problems without ending the command."""
    for problem in problems:
        tell(f"paperdeck: {problem}")


def tell_troubles(library: Library) -> int:
    """Report damage and repairs; returns 1 if something could not be read, else 0."""
    warn(*library.troubles)
    library.troubles.clear()
    return 1 if library.unreadable_files() else 0


def reader_settings(places: Places) -> Settings:
    """The reader's settings; complaints about them are reported."""
    from paperdeck.storage.settings.settings import load_settings

    settings, complaints = load_settings(places.config_file)
    warn(*complaints)
    return settings


def print_row(*fields: object) -> None:
    """Print fields with tabs between them, cleaned of tabs, line ends and escape sequences of their own."""
    print(*(for_screen(str(field)) for field in fields), sep="\t")


def print_json(value: Any) -> None:
    """Print a value as JSON in UTF-8, whatever the locale."""
    import orjson

    try:
        text = orjson.dumps(value, option=orjson.OPT_INDENT_2 | orjson.OPT_APPEND_NEWLINE)
    except TypeError:  # a path that isn't UTF-8
        import json

        text = json.dumps(value, indent=2).encode() + b"\n"
    print_bytes(text)


def print_rows(rows: Sequence[Mapping[str, Any]], *, as_json: bool) -> None:
    """Print a JSON array, or only the values of each row, with tabs between them."""
    if as_json:
        print_json(rows)
    else:
        for row in rows:
            print_row(*row.values())


def print_bytes(data: bytes) -> None:
    """Print data as it is."""
    sys.stdout.flush()
    sys.stdout.buffer.write(data)
    sys.stdout.buffer.flush()


def ask(question: str) -> bool:
    """Ask a yes-or-no question; without a terminal, the answer is no."""
    if not sys.stdin.isatty():
        return False
    sys.stderr.write(f"{for_screen(question)} [y/N] ")
    sys.stderr.flush()
    return sys.stdin.readline().strip().lower() in ("y", "yes")


# -- papers --------------------------------------------------------------------------------------------------------


def ids_of(texts: Iterable[str]) -> list[str]:
    """The ids of papers given by id or link, each once, in order.

    Raises:
        InvalidInput: one of them does not name a paper.
    """
    return list(dict.fromkeys(parse_reference(text).id for text in texts))


def paper_of(library: Library, paper_id: str) -> Paper:
    """A paper of the library or, while that is empty, of the starter shelf.

    Raises:
        NotFound: neither has it.
    """
    paper = library.paper(paper_id) or _shelf_paper(library, paper_id)
    if paper is None:
        raise NotFound(f"{paper_id} is not in the library; “paperdeck add {paper_id}” adds it.")
    return paper


def entry_of(library: Library, text: str) -> Entry:
    """The entry of a paper given by id or link.

    Raises:
        InvalidInput: it does not name a paper.
        NotFound: the library does not have it.
    """
    from paperdeck.storage.paper import Entry

    (paper_id,) = ids_of([text])
    arrived = library.queue.arrivals().get(paper_id)
    return Entry(paper_of(library, paper_id), library.marks_among([paper_id])[paper_id], arrived)


def _shelf_paper(library: Library, paper_id: str) -> Paper | None:
    from paperdeck.storage.shelf import load_shelf

    if library.ledger.newest("hf"):
        return None
    return next((paper for paper in load_shelf() if paper.id == paper_id), None)


# -- files ---------------------------------------------------------------------------------------------------------


def output_path(path: Path, places: Places) -> Path:
    """A file to write, chosen by the reader.

    Raises:
        InvalidInput: it is in one of paperdeck's own folders, whose files must not be replaced.
    """
    found = absolute(path)
    try:
        target = found.resolve()
    except (OSError, RuntimeError, ValueError):
        return found  # a circle of links; writing to it reports the reason
    for folder in (places.data, places.cache, places.state):
        if target.is_relative_to(folder.resolve()):
            raise InvalidInput(f"{path} is in paperdeck's own folder {folder}; choose another place.")
    return found


def write_text(path: Path, text: str, places: Places, *, force: bool, unreadable: int) -> None:
    """Write a text to a file chosen by the reader; see `storage.files.output`.

    Args:
        unreadable: Not 0 if papers or marks couldn't be read, so that it must not replace a complete one.

    Raises:
        InvalidInput: the place is not allowed.
        FileInTheWay: the file exists and `force` was not given.
        ActionFailed: it can't be written.
        StoreError: something couldn't be read.
    """
    from paperdeck.storage.files.output import write_output

    if unreadable:
        raise StoreError(f"{path} was not written, as papers or marks can't be read; “paperdeck doctor” says more.")
    write_output(output_path(path, places), text.encode(errors="replace"), force=force)
