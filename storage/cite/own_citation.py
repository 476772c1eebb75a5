"""The citation of paperdeck itself, from its installed metadata."""

from __future__ import annotations

from paperdeck.storage.paper import Paper

NAME = "paperdeck"
RELEASE_YEAR = "2026"
"""The year of this release; a test compares it with CHANGELOG.md."""
_TITLE = "paperdeck: A terminal reader of Hugging Face Daily Papers and arXiv"
_AUTHORS = "The paperdeck authors"


def own_work() -> Paper:
    """The program as a work to cite, with the installed version and its home page."""
    from importlib.metadata import metadata

    about = metadata(NAME)
    pages = (line.partition(", ") for line in about.get_all("Project-URL") or ())
    page = next((address for label, _, address in pages if label == "Homepage"), "")
    record = (
        *(("@type", "software"), ("@key", NAME), ("author", f"{{{_AUTHORS}}}"), ("title", f"{{{_TITLE}}}")),
        *(("year", RELEASE_YEAR), ("version", about["Version"]), ("url", page)),
    )
    return Paper(
        id=f"local-{NAME}",
        title=_TITLE,
        authors=(_AUTHORS,),
        names=((_AUTHORS,),),
        issued=RELEASE_YEAR,
        project_url=page or None,
        record=tuple(field for field in record if field[1]),
    )
