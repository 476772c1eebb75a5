"""A library's citation keys: one for each paper, which never changes.

Each device writes its own file `keys/<device>.json` in the data folder, so that devices that share the folder don't
write the same file: `{"2401.12345": ["vaswani2017attention", 1795398295.4], …}`, the key and the time of assignment.
If two devices gave the same key to different papers, the paper that had it first keeps it.
"""

from __future__ import annotations

import logging
from collections.abc import Iterable, Iterator, Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from paperdeck.storage.cite.keys import assign_keys
from paperdeck.storage.cite.work import preprint
from paperdeck.storage.errors import StoreError
from paperdeck.storage.files.documents import scan
from paperdeck.storage.files.locks import WriterLock
from paperdeck.storage.files.sealed import Unreadable
from paperdeck.storage.files.small import read_json, write_json
from paperdeck.storage.identifiers import is_paper_id
from paperdeck.storage.paper import Paper

if TYPE_CHECKING:
    from .library import Library

_log = logging.getLogger(__name__)
Given = dict[str, tuple[str, float]]
"""The key and the time of its assignment, by paper id."""


def citation_keys(library: Library, papers: Iterable[Paper], known: Mapping[str, str] | None = None) -> dict[str, str]:
    """A key for each paper: the existing one, or a new one, which is saved.

    If it can't be saved, the papers still get keys, but the next call may give others.

    Args:
        library: The library that stores the keys.
        known: Keys by paper id from an existing file; they are adopted unless another paper has them.
    """
    wanted = list({paper.id: paper for paper in papers}.values())
    folder, state = library.places.data / "keys", library.places.state
    try:
        with WriterLock(state / "locks" / "keys.lock"):
            given = _read(folder)
            keys = _assigned(wanted, given, known or {})
            new = {paper_id: key for paper_id, key in keys.items() if given.get(paper_id, ("", 0.0))[0] != key}
            if new:
                clock = library.files.clock()
                _remember(folder / f"{library.files.device.name(clock)}.json", new, clock)
    except StoreError as error:
        _log.info("citation keys are not remembered: %s", error)
        return assign_keys([preprint(paper) for paper in wanted], known)
    return {paper.id: keys[paper.id] for paper in wanted}


def _assigned(papers: Sequence[Paper], given: Given, known: Mapping[str, str]) -> dict[str, str]:
    """Keys for the papers, all different from those of other papers."""
    keys = _without_duplicates(given)
    taken = set(keys.values())
    for paper_id, key in known.items():
        if paper_id not in keys and key not in taken:
            keys[paper_id] = key
            taken.add(key)
    for paper in papers:
        before = next((keys[old] for old in paper.same_as if old in keys), None)
        if before and paper.id not in keys:
            keys |= {paper.id: before}
            keys = {paper_id: key for paper_id, key in keys.items() if paper_id not in paper.same_as}
    return keys | assign_keys([preprint(paper) for paper in papers], keys)


def _without_duplicates(given: Given) -> dict[str, str]:
    """The keys without duplicates: the paper that had a key first keeps it."""
    keys: dict[str, str] = {}
    taken: set[str] = set()
    for paper_id, (key, _) in sorted(given.items(), key=lambda item: (item[1][1], item[0])):
        if key not in taken:
            keys[paper_id] = key
            taken.add(key)
    return keys


def _read(folder: Path) -> Given:
    """The keys of all devices; the older one if a paper has two. Unreadable files are skipped.

    Raises:
        StoreError: the folder can't be read.
    """
    found: Given = {}
    for name in sorted(scan(folder, lambda name: name.endswith(".json"))):
        for paper_id, (key, at) in _read_file(folder / name).items():
            if paper_id not in found or at < found[paper_id][1]:
                found[paper_id] = (key, at)
    return found


def _read_file(path: Path) -> Given:
    try:
        value = read_json(path)
    except Unreadable:
        _log.info("%s can't be read; its citation keys are assigned again", path)
        return {}
    return {paper_id: line for paper_id, line in _lines(value) if is_paper_id(paper_id)}


def _lines(value: object) -> Iterator[tuple[str, tuple[str, float]]]:
    for paper_id, line in value.items() if isinstance(value, dict) else ():
        if isinstance(line, list) and len(line) == 2 and isinstance(line[0], str) and isinstance(line[1], int | float):
            yield paper_id, (line[0], float(line[1]))


def _remember(path: Path, keys: Mapping[str, str], at: float) -> None:
    own = _read_file(path) | {paper_id: (key, at) for paper_id, key in keys.items()}
    write_json(path, {paper_id: list(line) for paper_id, line in sorted(own.items())})
