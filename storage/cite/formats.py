"""All citation formats by name: for the copy menu, the export and the command line."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass

from paperdeck.storage.errors import InvalidInput
from paperdeck.storage.paper import Paper

from . import bibtex, csl, ris, styles
from .keys import assign_keys
from .published_form import published as published_form
from .work import Work, preprint

Writer = Callable[[Sequence[Work], Mapping[str, str]], Iterator[str]]
"""Yields the text of the works: one piece per work, and perhaps a closing one. Gets citation keys by paper id."""


@dataclass(frozen=True, slots=True)
class Format:
    """A citation format."""

    name: str
    """The name on the command line."""
    title: str
    """The name in a menu."""
    extension: str
    """The usual extension of a file, without the dot."""
    writer: Writer
    """The function that writes it."""
    has_keys: bool = False
    """Whether each work has its citation key in it."""

    def pieces(self, works: Sequence[Work], keys: Mapping[str, str] | None = None) -> Iterator[str]:
        """All works in pieces of a text that ends with a line feed, with keys that are unique in it.

        Args:
            works: The works, in order; see works_of.
            keys: Citation keys already in use, by paper id; they are kept.
        """
        return self.writer(works, assign_keys(works, keys) if self.has_keys else {})


def works_of(
    papers: Sequence[Paper], *, published: bool = False, cite_as: Mapping[str, str] | None = None
) -> list[Work]:
    """The works to cite, one for each paper; see `cite`."""
    once, wanted = {paper.id: paper for paper in papers}.values(), cite_as or {}
    return [(published and published_form(paper, wanted.get(paper.id, ""))) or preprint(paper) for paper in once]


def cite(
    papers: Sequence[Paper],
    name: str,
    *,
    published: bool = False,
    keys: Mapping[str, str] | None = None,
    cite_as: Mapping[str, str] | None = None,
) -> str:
    """The papers in one of the FORMATS.

    Args:
        papers: The papers, in order; for a repeated id the last one counts.
        name: The format.
        published: Whether to cite the published form instead of the preprint if it is known.
        keys: Citation keys already in use, by paper id; they are kept.
        cite_as: The reader's choices of a published form, by paper id; see Marks.

    Raises:
        InvalidInput: the format is unknown.
    """
    return "".join(format_named(name).pieces(works_of(papers, published=published, cite_as=cite_as), keys))


def format_named(name: str) -> Format:
    """One of FORMATS.

    Raises:
        InvalidInput: there is none of that name.
    """
    if name not in FORMATS:
        raise InvalidInput(f"Unknown citation format “{name}”. Choose from {', '.join(FORMATS)}.")
    return FORMATS[name]


def _entries(write: Callable[[Work, str], str]) -> Writer:
    """A writer of entries with an empty line between them."""

    def pieces(works: Sequence[Work], keys: Mapping[str, str]) -> Iterator[str]:
        for number, work in enumerate(works):
            yield "\n" * bool(number) + write(work, keys[work.paper.id])

    return pieces


def _lines(write: Callable[[Work], str]) -> Writer:
    return lambda works, _keys: (write(work) + "\n" for work in works)


def _paragraphs(write: Callable[[Work], str]) -> Writer:
    return lambda works, _keys: ("\n" * bool(number) + write(work) + "\n" for number, work in enumerate(works))


def _ieee(works: Sequence[Work], _keys: Mapping[str, str]) -> Iterator[str]:
    return (styles.ieee(work, number) + "\n" for number, work in enumerate(works, 1))


def _csl(works: Sequence[Work], keys: Mapping[str, str]) -> Iterator[str]:
    return in_array(json.dumps(csl.item(work, keys[work.paper.id]), ensure_ascii=False, indent=2) for work in works)


def in_array(items: Iterable[str]) -> Iterator[str]:
    """Values in JSON as one array: a piece for each, and one for its end."""
    before = "[\n"
    for item in items:
        yield before + item
        before = ",\n"
    yield "[]\n" if before == "[\n" else "\n]\n"


def _markdown(works: Sequence[Work], _keys: Mapping[str, str]) -> Iterator[str]:
    bullet = "- " * (len(works) > 1)
    return (f"{bullet}{markdown_link(work)}{' (withdrawn)' * work.paper.withdrawn}\n" for work in works)


_IN_LINK = str.maketrans({"(": "%28", ")": "%29", "<": "%3C", ">": "%3E", " ": "%20"})
"""Signs that would end a link."""


def markdown_link(work: Work) -> str:
    """The title as a Markdown link to its page; its characters are escaped."""
    title = "".join("\\" + char if char in "\\`*_[]<>#|~$!" else char for char in work.title or work.paper.id)
    return f"[{title}]({work.url.translate(_IN_LINK)})" if work.url else title


FORMATS: Mapping[str, Format] = {
    form.name: form
    for form in (
        Format("bibtex", "BibTeX", "bib", _entries(bibtex.misc), has_keys=True),
        Format("biblatex", "biblatex", "bib", _entries(bibtex.biblatex), has_keys=True),
        Format("bibtex-ascii", "BibTeX with LaTeX accents", "bib", _entries(bibtex.with_accents), has_keys=True),
        Format("ris", "RIS", "ris", _entries(ris.record), has_keys=True),
        Format("csl-json", "CSL-JSON", "json", _csl, has_keys=True),
        Format("apa", "APA 7", "txt", _paragraphs(styles.apa)),
        Format("mla", "MLA 9", "txt", _paragraphs(styles.mla)),
        Format("chicago", "Chicago, author-date", "txt", _paragraphs(styles.chicago)),
        Format("chicago-notes", "Chicago, notes", "txt", _paragraphs(styles.chicago_notes)),
        Format("ieee", "IEEE", "txt", _ieee),
        Format("markdown", "Markdown link", "md", _markdown),
        Format("link", "Link", "txt", _lines(lambda work: work.url or "")),
        Format("id", "Id", "txt", _lines(lambda work: work.paper.id)),
        Format("title", "Title", "txt", _lines(lambda work: work.title)),
        Format("abstract", "Abstract", "txt", _paragraphs(lambda work: work.abstract)),
    )
}
"""Every format, in menu order."""
