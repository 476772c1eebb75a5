"""What several commands need."""

from __future__ import annotations

import sys
from collections.abc import Iterable
from typing import Any

from paperdeck.storage.errors import NotFound, PaperdeckError
from paperdeck.storage.identifiers import parse_reference
from paperdeck.storage.library.library import Library
from paperdeck.storage.paper import Entry
from paperdeck.storage.settings.settings import Places, Settings, load_settings


def open_library() -> Library:
    """The reader's library."""
    return Library(Places.find())


def tell(words: str) -> None:
    """Say something to the person, not to a program that reads our output."""
    print(words, file=sys.stderr)


def tell_troubles(library: Library) -> None:
    """Say what was found damaged, and what was restored."""
    for trouble in library.troubles:
        tell(f"paperdeck: {trouble}")
    library.troubles.clear()


def reader_settings(places: Places) -> Settings:
    """The reader's settings; what is wrong with any of them is said."""
    settings, complaints = load_settings(places.config_file)
    for complaint in complaints:
        tell(complaint)
    return settings


def refresh_kept(library: Library) -> None:
    """After a change of marks: write again the exports that are kept in step; why one can't be is said."""
    if not (library.places.state / "exports.json").exists():
        return  # as for most readers, who shall not wait for an import
    from paperdeck.storage.exchange.kept_exports import refresh_exports

    from .selecting import select

    try:
        results = refresh_exports(library, library.places, lambda query: select(library, query, None))
    except PaperdeckError as error:
        tell(f"paperdeck: {error}")
        return
    for result in results:
        if result.error:
            tell(f"paperdeck: {result.error}")


def print_json(value: Any) -> None:
    """Print a value as JSON in UTF-8, whatever the locale says."""
    import orjson

    sys.stdout.flush()
    sys.stdout.buffer.write(orjson.dumps(value, option=orjson.OPT_INDENT_2 | orjson.OPT_APPEND_NEWLINE))
    sys.stdout.buffer.flush()


def entry_of(library: Library, text: str) -> Entry:
    """The entry of a paper that somebody named by id or link.

    Raises:
        InvalidInput: it names no paper.
        NotFound: the library does not have it.
    """
    paper_id = parse_reference(text).id
    paper = library.paper(paper_id) or shelf_paper(library, paper_id)
    if paper is None:
        raise NotFound(
            f"{paper_id} is not in the library; “paperdeck fetch” or “paperdeck add {paper_id}” brings it in."
        )
    return Entry(paper, library.marks(paper_id))


def shelf_paper(library: Library, paper_id: str) -> Any:
    """A paper of the starter shelf, while that stands in for an empty library."""
    from paperdeck.storage.shelf import load_shelf

    if library.newest("hf"):
        return None
    return next((paper for paper in load_shelf() if paper.id == paper_id), None)


def ids_of(texts: Iterable[str]) -> list[str]:
    """The ids that were named, each once, in order."""
    return list(dict.fromkeys(parse_reference(text).id for text in texts))
