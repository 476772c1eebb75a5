"""Entries of a list of references in APA 7, MLA 9, Chicago and IEEE, as plain text.

The output equals that of pandoc's citeproc with the CSL styles, in plain text: what they print in italics has no mark.
Titles keep the author's case, unless a style demands title case; sentence case would require knowing which words are
names. Each style is a list of parts for each sort of work.
"""

from .apa import apa
from .chicago import chicago, chicago_notes
from .ieee import ieee
from .mla import mla

__all__ = ["apa", "chicago", "chicago_notes", "ieee", "mla"]
