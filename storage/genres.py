"""biblatex's key words for what a work is called and where it is valid, which other formats say in words."""

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
"""Types of BibTeX and biblatex's words for them in the field `type`."""
_LANDS = {
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
    for key, (whose, land) in _LANDS.items()
    for word, text in (("patent", f"{whose} patent"), ("patreq", f"{whose} patent request"), ("country", land))
}
WITH_WORDS = ("type", "address", "location", "pubstate")
"""Fields in which biblatex has key words, such as `patentus`, which it translates."""


def in_words(text: str) -> str:
    """What a key word of biblatex in one of WITH_WORDS means; any other text as it is."""
    return _WORDS.get(text.casefold(), text)
