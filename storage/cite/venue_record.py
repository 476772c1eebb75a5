"""What a bibliography says about the printed version of a paper: one plain record, whichever source it comes from."""

from __future__ import annotations

from typing import NamedTuple


class VenueRecord(NamedTuple):
    """One record of a source, cleaned but not judged; unknown is empty."""

    source: str
    """`crossref`, `dblp`, `acl` or `s2` (Semantic Scholar)."""
    title: str = ""
    """The title on one line, without the full stop that DBLP puts behind it; may hold TeX."""
    authors: tuple[str, ...] = ()
    """The authors in order: `Family, Given` where the source gives parts, else the name as written."""
    year: int | None = None
    """The year of publication, as the venue gives it."""
    venue: str = ""
    """The journal, or the title of the proceedings: `Proc. of …`, `NeurIPS`."""
    kind: str = ""
    """BibTeX's type: `article`, `inproceedings`, `incollection`; or `preprint`; else the source's own word."""
    pages: str = ""
    """`821-854`, with a single hyphen."""
    volume: str = ""
    """The volume."""
    number: str = ""
    """The issue."""
    publisher: str = ""
    """The publisher."""
    doi: str = ""
    """The DOI, bare and in lower case."""
    ids: tuple[str, ...] = ()
    """What else identifies it: `arxiv:2401.12345`, `acl:2023.acl-long.48`, `dblp:conf/acl/ChangSRM23`."""
    url: str = ""
    """Its page."""
    fetched: str = ""
    """When the source was asked, as `2026-11-20T12:00:00Z`."""

    @property
    def arxiv_ids(self) -> tuple[str, ...]:
        """The arXiv ids that the record itself names."""
        return tuple(name.removeprefix("arxiv:") for name in self.ids if name.startswith("arxiv:"))
