"""Splits authors' names into the parts that citations need.

If a source gives a name in parts, these are used (`name_of`). Most sources give one text, `Aäron van den Oord`, so the
family name can only be guessed: `split_name` looks for particles, suffixes and words that occur in names of groups,
and leaves a name whole if it doesn't understand it. The parts can always be joined to the same name again, except that
degrees after it (`, PhD`) and DBLP's numbers are dropped.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache

from .words import word_set

_PARTICLES = word_set(
    "à af al av bin bint da dal dalla de degli dei del della den der des di do dos das du el ibn la las le les lo los "
    "op 's ’s 't ’t ‘t te ten ter und van vom von vander zu zum zur"
)
_CAPITAL_PARTICLES = word_set(
    "Le La Las Los Van Von Di Del Della De Da Dal Dos Du Des El Al Bar Ben Ter Ten Mac Mc Abu Abou Bou Bin Ibn "
    "St. Saint Ó Ní"
)
"""Words that begin a family name if they precede the last word of three or more: Le Bras, Van Durme."""

_VIETNAMESE_FAMILIES = word_set(
    "nguyễn nguyen trần tran lê le phạm pham huỳnh huynh hoàng hoang phan vũ vu võ vo đặng dang bùi bui đỗ do hồ ho "
    "ngô ngo dương duong lý ly đinh dinh trịnh trinh đoàn doan lương luong mai tô to trương truong"
)
_VIETNAMESE = re.compile(r"[ĂăĐđĨĩŨũƠơƯư\u1ea0-\u1ef9]")
"""Letters practically unique to Vietnamese."""

_DEGREES = re.compile(
    r"Ph\.? ?D\.?|D\. ?Phil\.?|DPhil|M\. ?D\.|MD|M\.? ?Sc\.?|B\.? ?Sc\.?|D\.? ?Sc\.?|MBA|MPH|PharmD|Esq\."
)
_NUMBER = re.compile(r"(?<=[^\W\d]) 0\d{3}(?=$|, )")
"""DBLP's number that tells people of the same name apart: `Wei Wang 0001`."""

_VIETNAMESE_MIDDLES = frozenset({"van", "văn", "thi", "thị"})
"""Words between the family and the given name in Vietnam."""

_ENDS_OF_LISTS = re.compile(r"^[Aa]nd (?=\S+ \S)|(?<=[^\W\d])[*†‡§¶]+$")

_BEFORE_PARTICLES = word_set("in uit aan op onder over bij auf")
"""Words that begin a family name if a particle follows: in ’t Veld, uit den Bogaard."""

_EARLY_PARTICLES = word_set("van von vom zum zur ter ten")
"""Particles that begin the family name wherever they are: van der Meer de Walcheren."""

_EARLY_PAIRS = frozenset({("de", "la"), ("de", "las"), ("de", "los")})
_MARY = word_set("María Maria Mª Ma. M.ª")
_AFTER_MARY = word_set("de del la las los")
_DEVOTIONS = word_set(
    "Ángeles Angeles Luz Paz Concepción Mercedes Merced Nieves Dolores Soledad Esperanza Consolación Consuelo Remedios "
    "Milagros Rosario Encarnación Asunción Caridad Gracia Salud Trinidad Candelaria Almudena Fuensanta Virtudes "
    "Angustias Pilar Carmen Mar Socorro Lourdes Fátima Guadalupe Jesús"
)
"""Second halves of given names that begin with Mary's, and that aren't family names after a particle."""

_LAST_DEGREE = re.compile(r"(?:Ph\.?D\.?|D\.?Phil\.?|MD|MBA|MPH|PharmD),?")
_TITLES = re.compile(r"^(?:(?:Prof|Dr|Mr|Mrs|Ms)\. )+(?=\S+ \S)")
_CONNECTORS = frozenset({"e", "i", "y"})
"""Words that join two family names: Ramón y Cajal, Mayné i Comas."""

_SUFFIXES = word_set("Jr Jr. Sr Sr. II III IV VI VII VIII 2nd 3rd 4th")
_SURNAME_TAILS = frozenset({"Junior", "Júnior", "Filho", "Neto", "Sobrinho"})
"""Portuguese suffixes, which are part of the family name."""

GROUP = re.compile(
    r"""(?x) \b(?:
        [Tt]eams? | TEAM | [Cc]ollaboration | [Cc]onsortium | [Cc]ontributors | [Aa]uthors | [Cc]ommunity | Group
      | Project | Initiative | Labs? | LAB | Laborator(?:y|ies) | Institut(?:e|es|ion)? | Universit(?:y|é|ät)
      | Foundation | Alliance | Committee | Corporation | Inc | Ltd | GmbH | Workshop | Research | AI | LLM
      | Organi[sz]ation | Agency | Academy | Society | Association | Council | Department | Ministry
      | Cent(?:er|re) | College | Network | Telescope | Observatory | Robotics | Federation | Union
      | Google | DeepMind | Microsoft | NVIDIA | OpenAI | Anthropic | DeepSeek
    )\b"""
)
"""Words that only names of groups have."""

_INVERTED_GROUP = re.compile(r"Team|Collaboration|Consortium|Workshop|Community|Initiative|AI")
"""Groups that programs took for the family name of a person."""

_WITHOUT_PARTS = re.compile(r"[\\$&%#{}<>|^_~=@]|,(?! )")
"""Characters that don't occur in people's names."""

_EAST_ASIAN = re.compile(r"[\u1100-\u11ff\u2e80-\u9fff\uac00-\ud7af\uf900-\ufaff\U00020000-\U0003ffff]")
"""Scripts in which only a comma tells the parts of a name."""


@dataclass(frozen=True, slots=True)
class Name:
    """An author's name. Groups and people with a single name only have a `family`, and are `whole`."""

    family: str
    given: str = ""
    """The given names, followed by a particle that lists of references put there: Humboldt, Alexander von."""
    particle: str = ""
    """A particle that belongs to the family name: van Gogh."""
    suffix: str = ""
    whole: bool = False
    """Whether the name must not be split: a group, a single name, or one of unknown order."""
    family_first: bool = False
    """Whether the family name comes first, as in Vietnam."""

    @property
    def surname(self) -> str:
        """The family name with its particle, as in a list of references."""
        return f"{self.particle} {self.family}".strip()

    @property
    def is_east_asian(self) -> bool:
        """Whether its parts are in Chinese, Japanese or Korean, so that it is `王小明` everywhere, without initials."""
        return bool(_EAST_ASIAN.match(self.family) and _EAST_ASIAN.match(self.given))

    @property
    def text(self) -> str:
        """The name as written in a paper."""
        if self.is_east_asian:
            return self.family + self.given
        ordered = (self.given, self.particle, self.family, self.suffix)
        return " ".join(filter(None, (self.family, self.given) if self.family_first else ordered))

    @property
    def parts(self) -> tuple[str, ...]:
        """The parts as stored in a Paper: `(family, given, particle, suffix)`, or `(whole,)`."""
        return (self.family,) if self.whole else (self.family, self.given, self.particle, self.suffix)


OTHERS = Name("et al.", whole=True)
"""The last name of a list that leaves some out, as “and others” or “et al.” does."""
IS_OTHERS = re.compile(r"(?i)(?:and )?(?:et\.? al\.?|others)")
"""The words for the rest in such a list."""


def name_of(parts: Sequence[str]) -> Name:
    """A name from the parts that a source gave; see `Name.parts`."""
    if len(parts) < 2:
        return Name("".join(parts), whole=True)
    family, given, particle, suffix = (*parts, "", "")[:4]
    return Name(family or given, given if family else "", particle, suffix, whole=not (given and family))


def inverted_name(family: str, given: str, suffix: str = "") -> Name:
    """A name from a source that gives family and given name; the family name may contain particles.

    A misplaced suffix is moved, and `Team, Gemini` is a group.
    """
    if _INVERTED_GROUP.fullmatch(family) and given and not suffix:
        return Name(f"{given} {family}", whole=True)
    if given in _SUFFIXES and suffix and suffix not in _SUFFIXES:
        given, suffix = suffix, given
    if not suffix:
        family, suffix = _without_suffix(family)
    if not suffix:
        given, suffix = _without_suffix(given)
    guess = split_name(f"{family}, {given}")
    if guess.whole or guess.surname != family:
        return name_of((family, given, "", suffix))
    return name_of((guess.family, given, guess.particle, suffix))


def _without_suffix(part: str) -> tuple[str, str]:
    """A part of a name without the suffix at its end, and that."""
    rest, _, last = part.rpartition(" ")
    return (rest, last) if rest and last in _SUFFIXES else (part, "")


@lru_cache(maxsize=16384)
def split_name(text: str) -> Name:
    """The parts of a name, given as `Given Family` or as `Family, Given` or as `Family, Jr., Given`."""
    text = without_number(" ".join(text.split()))
    parts = without_degrees([part.strip() for part in text.split(", ")])
    text = ", ".join(parts)
    if _is_whole(text):
        return Name(text, whole=True)
    if len(parts) == 1:
        return _split_words(text.split(" "))
    if len(parts) == 2 and parts[0] and parts[1] in _SUFFIXES:
        return _split_words([*parts[0].split(" "), parts[1]])
    if len(parts) <= 3 and all(parts):
        particle, family = _split_particle(parts[0].split(" "))
        return Name(family, parts[-1], particle, parts[1] if len(parts) == 3 else "")
    return Name(text, whole=True)


def _is_whole(text: str) -> bool:
    words = text.replace(",", " ").split()
    if len(words) < 2 or any(word.casefold() in ("and", "&") for word in words):
        return True
    in_order = _EAST_ASIAN.search(text) and "," not in text
    return bool(in_order or GROUP.search(text) or _WITHOUT_PARTS.search(text))


def is_suffix(part: str) -> bool:
    """Whether a part of a name is `Jr.` or the like."""
    return part in _SUFFIXES


def without_marks(name: str) -> str:
    """A name without what a list of authors leaves at its ends: `and Ann Roe`, `Ann Roe§`."""
    return _ENDS_OF_LISTS.sub("", name)


def without_number(name: str) -> str:
    """A name without DBLP's number."""
    return _NUMBER.sub("", name)


def without_particle(given: str) -> tuple[str, str]:
    """The given names and the particle after them; see `Name.given`."""
    words = given.split()
    end = max(1, _particles_start(words, len(words)))
    return " ".join(words[:end]), " ".join(words[end:])


def without_degrees(parts: list[str]) -> list[str]:
    """The comma-separated parts of a name, without degrees such as `PhD` at its end; `Smith, MD` has initials."""
    if len(parts) == 1:
        words = _TITLES.sub("", parts[0]).split(" ")
        end = _end_before(_LAST_DEGREE, words)
        return [" ".join(words[:end])] if end > 1 else parts
    end = _end_before(_DEGREES, parts)
    has_initials = end == 1 and " " not in parts[0] and parts[1].isupper() and parts[1].isalpha()
    return parts[: end + has_initials]


def _end_before(degree: re.Pattern[str], parts: Sequence[str]) -> int:
    """How many parts come before the degrees at the end of a name; at least one."""
    end = len(parts)
    while end > 1 and degree.fullmatch(parts[end - 1]):
        end -= 1
    return end


def _split_words(words: list[str]) -> Name:
    if len(words) == 2 and words[1] in _SUFFIXES:
        return Name(" ".join(words), whole=True)
    suffix = words.pop() if len(words) > 2 and words[-1] in _SUFFIXES else ""
    vietnamese = [word.lower() in _VIETNAMESE_FAMILIES for word in words]
    if len(words) > 2 and vietnamese[0] and not vietnamese[-1] and _is_family_first(words):
        return Name(words[0], " ".join(words[1:]), suffix=suffix, family_first=not suffix)
    start = _family_start(words)
    while start > 1 and words[start - 1] in _CAPITAL_PARTICLES and not vietnamese[-1]:
        start -= 1
    start = _first_of_family(words, start)
    before = _particles_start(words, start)
    return Name(" ".join(words[start:]), " ".join(words[:before]), " ".join(words[before:start]), suffix)


def _is_family_first(words: list[str]) -> bool:
    """Whether a name of three words or more that begins with a Vietnamese family name is in Vietnamese order."""
    return words[1].lower() in _VIETNAMESE_MIDDLES or bool(_VIETNAMESE.search("".join(words)))


def _first_of_family(words: list[str], start: int) -> int:
    """The position of the first word of a family name of several: Meer de Walcheren, Wit-de Vries."""
    if (behind := _end_of_devotion(words)) and len(words) - behind <= 2:
        while behind < len(words) - 1 and words[behind] in _PARTICLES:
            behind += 1
        return behind
    for place in range(max(1, behind), start):
        if words[place] in _EARLY_PARTICLES or tuple(words[place : place + 2]) in _EARLY_PAIRS:
            while place < start and words[place] in _PARTICLES:
                place += 1
            return place
    joined = start - 1
    while joined > 0 and words[joined] in _PARTICLES:
        joined -= 1
    return joined if joined > 0 and words[joined].rpartition("-")[2] in _PARTICLES else start


def _end_of_devotion(words: list[str]) -> int:
    """The position after `María de los Ángeles`, if a longer name begins with that or the like; else 0."""
    place = next((place for place, word in enumerate(words[:2], 1) if word in _MARY), 0)
    end = place
    while end < len(words) and words[end] in _AFTER_MARY:
        end += 1
    return end + 1 if 0 < place < end < len(words) - 1 and words[end] in _DEVOTIONS else 0


def _particles_start(words: list[str], start: int) -> int:
    """The position of the particles before the family name."""
    before = start
    while before > 0 and words[before - 1] in _PARTICLES:
        before -= 1
    if 1 < before < start and (words[before - 1].lower() in _PARTICLES or words[before - 1] in _BEFORE_PARTICLES):
        before -= 1  # Guy Van den Broeck, Sophie in ’t Veld
    return before


def _family_start(words: list[str]) -> int:
    """The position of the family name, not counting particles."""
    last = len(words) - 1
    if last >= 3 and words[last - 1] in _CONNECTORS:
        return last - 2
    if last >= 2 and words[last] in _SURNAME_TAILS and words[last - 1] not in _PARTICLES:
        return last - 1
    return last


def _split_particle(words: list[str]) -> tuple[str, str]:
    """The particle and the rest of a family name before a comma."""
    first = words[0].lower()
    end = int(len(words) > 2 and (first in _PARTICLES or first in _BEFORE_PARTICLES) and words[1] in _PARTICLES)
    while end < len(words) - 1 and words[end] in _PARTICLES:
        end += 1
    return " ".join(words[:end]), " ".join(words[end:])
