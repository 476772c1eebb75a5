"""Citation keys: `vaswani2017attention`, ASCII, unique within an export, and stable."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator, Mapping, Sequence
from itertools import count
from string import ascii_lowercase

from paperdeck.storage.identifiers import is_local
from paperdeck.storage.identity import LETTERS
from paperdeck.storage.text.words import word_set

from .work import Work

STOP_WORDS = word_set(
    "a an the this that these its your our we you it all on in of for to from with without via by at as into over "
    "under and or not but if is are be can do does how what when where why who which whether toward towards using "
    "beyond about between through than"
)


def assign_keys(works: Sequence[Work], known: Mapping[str, str] | None = None) -> dict[str, str]:
    """A key for each work by its paper's id.

    Args:
        works: The works of one export.
        known: Citation keys already in use, by paper id; they are kept.
    """
    return unique_keys({work.paper.id: work.own_key or key_of(work.of or work) for work in works}, known)


def unique_keys(wanted: Mapping[str, str], known: Mapping[str, str] | None = None) -> dict[str, str]:
    """The keys by paper id, distinguished by letters if necessary.

    Among papers with the same key, the one with the lowest id, usually the oldest, gets it without a letter, so that a
    new paper doesn't change existing keys. Known keys stay. New ones differ from all others in more than their case, as
    BibTeX refuses to cite both.
    """
    keys = {paper_id: known[paper_id] for paper_id in wanted if known and paper_id in known}
    taken = {key.lower() for key in (known or keys).values()}
    suffixes = {base.lower(): _suffixes() for base in wanted.values()}
    for paper_id in sorted(wanted.keys() - keys.keys()):
        base = wanted[paper_id]
        key = next(base + suffix for suffix in suffixes[base.lower()] if (base + suffix).lower() not in taken)
        keys[paper_id] = key
        taken.add(key.lower())
    return keys


def key_of(work: Work) -> str:
    """The key of one work: surname, year, first significant word of the title.

    A surname that has no Latin letters, or none at all, gives `arxiv` and the digits of the id.
    """
    surname = _surname(work)
    if not surname:
        digits = re.sub(r"[^a-z0-9]", "", work.paper.id.lower())
        return digits if is_local(work.paper.id) else f"arxiv{digits}"
    return f"{surname}{work.year or ''}{_first_word(work.title)}"


def fold(text: str) -> str:
    """The text reduced to lower-case ASCII letters and digits."""
    decomposed = unicodedata.normalize("NFKD", text.casefold().translate(LETTERS))
    return re.sub(r"[^a-z0-9]", "", decomposed)


def _surname(work: Work) -> str:
    if not (names := work.authors or work.editors):
        return ""
    name = names[0]
    if not name.whole:
        return fold(name.surname)
    return next(filter(None, (fold(word) for word in name.text.split() if word.lower() not in STOP_WORDS)), "")


def _first_word(title: str) -> str:
    words = [fold(word) for word in re.split(r"[\s:/—–-]+", title)]
    telling = [word for word in words if word and word not in STOP_WORDS]
    return next(iter(telling or filter(None, words)), "")


def _suffixes() -> Iterator[str]:
    """Nothing, then b, c, …, z, ab, ac, …"""
    yield ""
    for first in ("", *ascii_lowercase):
        for second in ascii_lowercase:
            if first + second != "a":
                yield first + second
    yield from (f"x{number}" for number in count(1))
