"""Converts BibTeX values to readable text: accents, commands and braces are resolved, formulas stay TeX."""

from __future__ import annotations

import html
import re

from .clean import clean_line
from .names import GROUP, OTHERS, Name, inverted_name, is_suffix, name_of, split_name, without_degrees, without_number
from .tex import find_mathematics, to_unicode
from .words import number_in

_BRACES = re.compile(r"[{}]")
_PARAGRAPH = re.compile(r"\\par(?![A-Za-z])\s*")
_SCRIPT = re.compile(r"(?i)<(su[bp])>([^<>]{1,80})</\1>")
_SCRIPT_COMMANDS = {"sub": "textsubscript", "sup": "textsuperscript"}
_MARKUP = re.compile(r"(?i)</?(?:i|b|em|strong|u|scp|sc|sub|sup|span|p|mml:[a-z]+)\b[^<>]{0,80}>")
_OPEN, _CLOSE = "\ue000", "\ue001"
_FIRST_FORMULA = 0xE010
_LAST_FORMULA = 0xF8FF
_FORMULA = re.compile(f"[{chr(_FIRST_FORMULA)}-{chr(_LAST_FORMULA)}]")
_AND, _COMMA, _SEMICOLON = map(re.compile, (r"[{}]|(?i:(?<![\w\\])and(?!\w))", "[{},]", "[{};]"))
"""Braces, and what separates names outside of them."""
_ET_AL = re.compile(r"(?i)(?:(?:^|(?<![,\s])[,\s]+)\{?et\.? al\.?\}?|(?:^|,\s*)\{?others\}?)$")
_MARKS = re.compile(
    r"\$\^(?:\{[^{}$]*\}|[^{}$])\$|\\textsuperscript\{[^{}]*\}|\\footnotemark(?:\[[^\]]*\])?"
    r"|(?<=[^\W\d¹²³⁰⁴-⁹])[*†‡§¶¹²³⁰⁴-⁹]+(?=[\s,\\]|$)|(?<=[^\W\d]) \([^()]*[A-Za-z][^()]*\)(?= and |,|$)"
)
"""Marks of affiliations and footnotes after names."""

_AMPERSAND = re.compile(r",? +\\?& +(?=\S)")
_VANCOUVER = re.compile(r"[^\W\d_][^\d,.]*[^\W\dA-Z_.] (?:[A-Z]{1,3}|(?:[A-Z]\.-?){1,4})")
"""`Roe AB`, as medical journals list authors."""

_GROUPED_FAMILY = re.compile(r"(?P<given>[^,]+) \{(?P<family>(?:[^{}]|\{(?:[^{}]|\{[^{}]*\})*\})+)\}")
_INITIALS_FIRST = re.compile(r"(?:[^\W\d_a-z]\.[\s-]*)+[^\W\d_]{2}")
_TWO_CAPITALS = re.compile(r"[^\W\d_a-z][^\W\d_][\w'’-]* [^\W\d_a-z][^\W\d_][\w'’-]*")
_INITIALS = re.compile(r"(?:[^\W\d_a-z][a-z]?\.[\s-]*){1,5}|[A-Z]{1,3}")
_EXTENDED = re.compile(r"(?i)(?:^|,)\s*(family|given|prefix|suffix|useprefix|given-i|family-i|prefix-i)\s*=")


def decode(value: str) -> str:
    """A value as readable text on one line: accents and commands in Unicode, grouping braces gone, formulas kept."""
    formulas: list[str] = []
    written = []
    position = 0
    value = " ".join(value.split())
    for found in find_mathematics(value):
        if _FIRST_FORMULA + len(formulas) > _LAST_FORMULA:
            break
        written += [_words(value[position : found.start()]), chr(_FIRST_FORMULA + len(formulas))]
        formulas.append(_as_it_was(found[0]))
        position = found.end()
    text = "".join(written) + _words(value[position:])
    text = _BRACES.sub("", to_unicode(text)).replace(_OPEN, "{").replace(_CLOSE, "}")
    return clean_line(html.unescape(_FORMULA.sub(lambda found: _formula(found[0], formulas), text)))


def decode_lines(value: str) -> str:
    """The same with line breaks for `\\par`."""
    return "\n".join(map(decode, _PARAGRAPH.split(value)))


def _words(text: str) -> str:
    """Text outside formulas: HTML tags removed, dashes and ties as characters, literal braces marked."""
    if "<" in text or "&" in text:
        text = _MARKUP.sub("", _SCRIPT.sub(_script, html.unescape(text)))
    text = text.replace("---", "—").replace("--", "–")
    return re.sub(r"(?<!\\)~", " ", text).replace(r"\{", _OPEN).replace(r"\}", _CLOSE)


def _script(found: re.Match[str]) -> str:
    return f"\\{_SCRIPT_COMMANDS[found[1].lower()]}{{{found[3]}}}"


def _as_it_was(formula: str) -> str:
    """Reverses what `storage.cite.latex` made of characters and bare scripts in a formula."""
    inner = formula[1:-1]
    if inner.startswith(("{}^{", "{}_{")):
        return inner[2:]
    if not is_group(inner):
        return formula
    return "−" if inner == "{-}" else to_unicode(formula)


def _formula(char: str, formulas: list[str]) -> str:
    index = ord(char) - _FIRST_FORMULA
    return formulas[index] if 0 <= index < len(formulas) else char


# -- names -------------------------------------------------------------------------------------------------------------


def names_in(value: str) -> list[Name]:
    """The names in an author field, without `others`."""
    return [name for raw in split_names(value) if (name := _name(raw)).text]


def people_in(value: str) -> list[Name]:
    """The names in an author field, and OTHERS if it leaves some out."""
    return [*names_in(value), *([OTHERS] if leaves_out(value) else [])]


def leaves_out(value: str) -> bool:
    """Whether an author field ends with `and others` or `et al.`"""
    return bool(_ET_AL.search(_between_ands(value)[-1].strip(" ,;")))


def split_names(value: str) -> list[str]:
    """The names in an author field, unchanged; `and` within braces doesn't separate."""
    names = _between_ands(value)
    parts = [_ET_AL.sub("", name.strip(" ,;")).strip(" ,;") for name in names]
    listed = any(name.endswith(",") for name in names[:-1]) and "," not in parts[-1]
    return [name for part in parts for name in _listed(part, certain=listed) if name]


def _between_ands(value: str) -> list[str]:
    """The parts of a text between each `and` outside braces."""
    value = _MARKS.sub("", " ".join(html.unescape(value).split()))
    if not is_of_groups(value):
        value = _AMPERSAND.sub(" and ", value)
    return _separated(value, _AND)


def _listed(text: str, *, certain: bool = False) -> list[str]:
    """Names separated, wrongly, by commas or semicolons: `Roe, A., Doe, B., Poe, C.`

    Args:
        text: The text between two `and`.
        certain: Whether a comma before `and` says that it is such a list: `Ann Roe, Bob Doe, and Carl Poe`.
    """
    if len(names := _separated(text, _SEMICOLON)) > 1:
        return [name.strip(" ,") for name in names]
    parts = _separated(text, _COMMA) if "=" not in text else [text]
    shown = [decode(part) for part in parts]
    if len(parts) >= 4 and len(parts) % 2 == 0 and all(_is_initials(part) for part in shown[1::2]):
        return [f"{family}, {given}" for family, given in zip(parts[::2], parts[1::2], strict=True)]
    if all(map(_VANCOUVER.fullmatch, shown)) and (len(parts) >= 2 or text.endswith(".")) and not GROUP.search(text):
        return [", ".join(part.rsplit(" ", 1)) for part in parts]
    if len(parts) >= _fewest_in_list(shown[0], certain) and all(map(is_full, shown)):
        return parts
    return [text]


def may_be_two(name: str) -> bool:
    """Whether `Ann Roe, Bob Doe`, by BibTeX's rules one person called Bob Doe of the family Ann Roe, may be two."""
    parts = name.split(", ")
    return len(parts) == 2 and all(_TWO_CAPITALS.fullmatch(decode(part)) for part in parts) and not GROUP.search(name)


def _fewest_in_list(first: str, certain: bool) -> int:
    """How many names with commas between them are a list for sure; no family name begins as `A. Roe` does."""
    return 2 if certain or _INITIALS_FIRST.match(first) else 3


def has_initials_last(text: str) -> bool:
    """Whether a name is written as in medical journals: `Roe AB`."""
    return bool(_VANCOUVER.fullmatch(text))


def is_full(text: str) -> bool:
    """Whether a part between commas is a whole name."""
    return len(text.split()) > 1 and not _is_initials(text)


def _is_initials(text: str) -> bool:
    return bool(_INITIALS.fullmatch(text))


def _name(raw: str) -> Name:
    if is_group(raw):
        return name_of((decode(raw[1:-1]),))
    if _EXTENDED.search(raw):
        return _extended(raw)
    if (grouped := _GROUPED_FAMILY.fullmatch(raw)) and " " in decode(grouped["family"]):
        return _with_family(grouped["given"], grouped["family"])
    text = decode(raw)
    if "," not in text:
        return split_name(text)
    parts = without_degrees([without_number(decode(part)) for part in _separated(raw, _COMMA)])
    if len(parts) == 1:
        return split_name(parts[0])
    given, suffix = parts[-1], parts[1] if len(parts) == 3 else ""
    if len(parts) > 3 or not (parts[0] and given) or (len(parts) == 2 and is_suffix(given)):
        return split_name(text)
    return inverted_name(parts[0], given, suffix)


def _with_family(given: str, family: str) -> Name:
    """A name whose family is in braces: `Charles-Jean de {La Vallée Poussin}`."""
    words = decode(given).split()
    end = next((place for place, word in enumerate(words) if place and word.islower()), len(words))
    return name_of((decode(family), " ".join(words[:end]), " ".join(words[end:]), ""))


def _extended(raw: str) -> Name:
    """biblatex's extended form: `family=Roe, given=Aaron, prefix=van den`."""
    parts = {}
    for part in _separated(raw, _COMMA):
        key, _, value = part.partition("=")
        parts[key.strip().lower()] = decode(value.strip().strip('"'))
    family, given, prefix = (parts.get(key, "") for key in ("family", "given", "prefix"))
    if parts.get("useprefix", "").lower() == "false":
        given, prefix = f"{given} {prefix}".strip(), ""
    return name_of((family, given, prefix, parts.get("suffix", "")))


def _separated(text: str, separator: re.Pattern[str]) -> list[str]:
    """The parts of a text between separators outside braces."""
    parts = []
    depth = start = 0
    for found in separator.finditer(text):
        if found[0] in "{}":
            depth += 1 if found[0] == "{" else -1
        elif depth == 0:
            parts.append(text[start : found.start()])
            start = found.end()
    return [part.strip() for part in (*parts, text[start:])]


def is_of_groups(value: str) -> bool:
    """Whether an author field names groups, in whose names `&` belongs."""
    return "{" in value or bool(GROUP.search(value))


def is_group(name: str) -> bool:
    """Whether a name in an author field is entirely in braces."""
    if not (name.startswith("{") and name.endswith("}")):
        return False
    depth = 0
    for index, char in enumerate(name):
        depth += (char == "{") - (char == "}")
        if depth == 0:
            return index == len(name) - 1
    return False


def first_and_last(pages: str) -> tuple[str, str]:
    """The ends of a range of pages; of anything else the whole text, and nothing."""
    text = pages.strip().replace("–", "--")
    found = _PAGES.fullmatch(text)
    if found and (len(found[3]) < len(found[1]) or (number_in(found[3]) or 0) >= (number_in(found[1]) or 0)):
        return text[: found.end(1)], text[found.start("last") :]
    first, dashes, last = (part.strip() for part in text.partition("--"))
    return (first, last) if dashes and "--" not in last and "," not in text else (pages.strip(), "")


_PAGES = re.compile(r"[A-Za-z]?(\d+)\s*-+\s*(?P<last>[A-Za-z]?(\d+))")
