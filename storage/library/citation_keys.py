"""A library's citation keys: one for each paper, which never changes.

They are registers of the journal, `key 2401.12345 vaswani2017attention`, so devices that share the data folder don't
write the same file, and damage is noticed and mended as with marks. If two devices gave the same key to different
papers, the paper that had it first keeps it. Earlier versions had them in `keys/<device>.json` in the data folder,
`{"2401.12345": ["vaswani2017attention", 1795398295.4], …}`; each device takes over its own file, with the times, and
reads those of devices that have not done so yet.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from contextlib import suppress
from pathlib import Path
from typing import TYPE_CHECKING

from paperdeck.storage.cite.keys import assign_keys
from paperdeck.storage.cite.work import is_usable_key, preprint
from paperdeck.storage.errors import StoreError
from paperdeck.storage.files.documents import scan
from paperdeck.storage.files.sealed import Damaged, Unreadable
from paperdeck.storage.files.small import read_json
from paperdeck.storage.identifiers import is_paper_id
from paperdeck.storage.paper import Paper

from .journal.registers import seconds_of

if TYPE_CHECKING:
    from .journal.registers import Registers
    from .library import Library

_FIELD = "key {} {}"
_MAX_SECONDS = 1e11
"""Later times, in seconds since 1970, are not those of a clock."""
_Given = tuple[str, str]
"""A paper's id and a key that it was given."""
_Times = dict[_Given, float]
"""When keys were given, in seconds since 1970; those given first come first."""


def citation_keys(library: Library, papers: Iterable[Paper], known: Mapping[str, str] | None = None) -> dict[str, str]:
    """A key for each paper: the existing one, or a new one, which is stored.

    If it can't be stored, the papers still get keys, but the next call may give others.

    Args:
        library: The library that stores the keys.
        known: Keys by paper id in the order of a file; each is adopted unless another paper has it.
    """
    wanted = list({paper.id: paper for paper in papers}.values())
    earlier, complaints = earlier_keys(library.places.data)
    keys: dict[str, str] = {}

    def choose(registers: Registers) -> dict[str, bool | float]:
        given = _given(registers)
        chosen = _assigned(wanted, given, earlier, known or {})
        keys.update({paper.id: chosen[paper.id] for paper in wanted})
        return {_FIELD.format(*pair): earlier.get(pair, True) for pair in chosen.items() if pair not in given}

    new = choose(library.given_keys())
    try:
        if new and complaints:
            raise StoreError(" ".join(complaints))
        if (not new or library.record_keys(choose)) and earlier:
            _remove(library.places.data / "keys" / f"{library.files.device.name(library.files.clock())}.json")
    except StoreError as error:
        library.troubles.append(f"New citation keys are not remembered: {error}")
    return keys


def proposed_keys(library: Library, papers: Sequence[Paper]) -> dict[str, str]:
    """The key that `citation_keys` would give each paper; nothing is stored."""
    return _assigned(papers, _given(library.given_keys()), earlier_keys(library.places.data)[0], {})


def _assigned(papers: Sequence[Paper], given: _Times, earlier: _Times, known: Mapping[str, str]) -> dict[str, str]:
    """Keys for the papers, all different from those of other papers."""
    keys = _one_each(given, earlier)
    for paper in papers:
        before = next((keys[old] for old in paper.same_as if old in keys), None)
        if before and paper.id not in keys:
            keys |= {paper.id: before}
            keys = {paper_id: key for paper_id, key in keys.items() if paper_id not in paper.same_as}
    taken = {key.lower() for key in keys.values()}
    for paper_id, key in known.items():
        if paper_id not in keys and key.lower() not in taken:
            keys[paper_id] = key
            taken.add(key.lower())
    return keys | assign_keys([preprint(paper) for paper in papers], keys)


def _given(registers: Registers) -> _Times:
    """The papers and keys in registers."""
    times: _Times = {}
    for field, (value, stamp, *_) in registers.items():
        paper_id, _, key = field.removeprefix("key ").partition(" ")
        if value and _is_given(paper_id, key):
            times[paper_id, key] = seconds_of(stamp) or 0.0 if value is True else value
    return times


def _is_given(paper_id: object, key: object) -> bool:
    """Whether a line is of a paper and a key that we could have given it, as another device may have written it."""
    return isinstance(paper_id, str) and isinstance(key, str) and is_paper_id(paper_id) and is_usable_key(key)


def _one_each(*sources: _Times) -> dict[str, str]:
    """One key for each paper: the paper that had a key first keeps it."""
    keys: dict[str, str] = {}
    taken: set[str] = set()
    all_given = [(time, given) for times in sources for given, time in times.items()]
    for _, (paper_id, key) in sorted(all_given):
        if paper_id not in keys and key not in taken:
            keys[paper_id] = key
            taken.add(key)
    return keys


# -- the files of earlier versions ---------------------------------------------------------------------------------


def earlier_keys(data: Path) -> tuple[_Times, list[str]]:
    """The papers and keys in the files of earlier versions, and a sentence for each file that can't be read.

    Args:
        data: The data folder.
    """
    times: _Times = {}
    complaints: list[str] = []
    try:
        names = scan(data / "keys", lambda name: name.endswith(".json") and not name.startswith("."))
        paths = [data / "keys" / name for name in sorted(names)]
    except StoreError as error:
        return times, [str(error)]
    for path in paths:
        try:
            value = read_json(path)
        except Damaged as damage:
            complaints.append(f"{path} {damage}; put it back or delete it.")
            continue
        except (Unreadable, StoreError) as error:
            complaints.append(str(error) if isinstance(error, StoreError) else f"{path} {error}.")
            continue
        for paper_id, line in value.items() if isinstance(value, dict) else ():
            match line:
                case [str(key), int() | float() as at] if _is_given(paper_id, key) and 0 <= at < _MAX_SECONDS:
                    times[paper_id, key] = min(at, times.get((paper_id, key), at))
    return times, complaints


def _remove(path: Path) -> None:
    """Delete a file that was taken over, and its folder if it is empty."""
    with suppress(OSError):
        path.unlink(missing_ok=True)
        path.parent.rmdir()
