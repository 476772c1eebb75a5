"""biblatex's keys for genres, countries and states of publication, which other formats spell out."""

from __future__ import annotations

GENRES = {
    "phdthesis": "PhD thesis",
    "mathesis": "Master’s thesis",
    "mastersthesis": "Master’s thesis",
    "bathesis": "Bachelor’s thesis",
    "candthesis": "Candidate thesis",
    "techreport": "Technical report",
    "resreport": "Research report",
    "preprint": "Preprint",
}
"""What BibTeX's types, and biblatex's keys in the field `type`, call a work."""
_COUNTRIES = {
    "de": ("German", "Germany"),
    "eu": ("European", "European Union"),
    "ep": ("European", "European Union"),
    "fr": ("French", "France"),
    "uk": ("British", "United Kingdom"),
    "us": ("U.S.", "United States"),
}
_WORDS = GENRES | {"inpress": "in press", "inpreparation": "in preparation"}
_WORDS |= {
    f"{word}{key}": text
    for key, (adjective, name) in _COUNTRIES.items()
    for word, text in (
        ("patent", f"{adjective} patent"),
        ("patreq", f"{adjective} patent request"),
        ("country", name),
    )
}
LOCALIZED = ("type", "address", "location", "pubstate")
"""Fields in which biblatex takes keys, such as `patentus`, that it puts into the reader's language."""


def in_words(text: str) -> str:
    """What one of biblatex's keys in a field of LOCALIZED means; any other text stays as it is."""
    return _WORDS.get(text.casefold(), text)
