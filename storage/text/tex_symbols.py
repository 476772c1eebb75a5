"""What TeX commands stand for: the tables behind `storage.tex`."""

from __future__ import annotations

import unicodedata
from functools import lru_cache
from typing import Any


def _names(text: str) -> frozenset[str]:
    return frozenset(text.split())


def _pairs(text: str) -> dict[str, str]:
    words = text.split()
    return dict(zip(words[::2], words[1::2], strict=True))


SUPERSCRIPTS = dict(
    zip(
        "0123456789+-=()abcdefghijklmnoprstuvwxyzABDEGHIJKLMNOPRTUVWαβγδθφχ−′∘*∗†⊤",
        "⁰¹²³⁴⁵⁶⁷⁸⁹⁺⁻⁼⁽⁾ᵃᵇᶜᵈᵉᶠᵍʰⁱʲᵏˡᵐⁿᵒᵖʳˢᵗᵘᵛʷˣʸᶻᴬᴮᴰᴱᴳᴴᴵᴶᴷᴸᴹᴺᴼᴾᴿᵀᵁⱽᵂᵅᵝᵞᵟᶿᵠᵡ⁻′°**†ᵀ",
        strict=True,
    )
)
SUBSCRIPTS = dict(zip("0123456789+-=()aehijklmnoprstuvxβγρφχ−", "₀₁₂₃₄₅₆₇₈₉₊₋₌₍₎ₐₑₕᵢⱼₖₗₘₙₒₚᵣₛₜᵤᵥₓᵦᵧᵨᵩᵪ₋", strict=True))

SIGN_ACCENTS = dict(zip("`'^~\"=.", "\u0300\u0301\u0302\u0303\u0308\u0304\u0307", strict=True))
"""Accents whose command is a sign, such as `\\"o`, by their combining characters."""

LETTER_ACCENTS = dict(zip("uvHckdbr", "\u0306\u030c\u030b\u0327\u0328\u0323\u0331\u030a", strict=True))
"""Accents whose command is a letter, such as `\\c{c}`; in mathematics those commands mean nothing."""

MATH_ACCENTS = _pairs(
    "hat \u0302 widehat \u0302 tilde \u0303 widetilde \u0303 bar \u0304 vec \u20d7 dot \u0307 ddot \u0308 "
    "check \u030c breve \u0306"
)

LETTERS = _pairs("i ı j ȷ o ø O Ø l ł L Ł ss ß ae æ AE Æ oe œ OE Œ aa å AA Å dh ð DH Ð th þ TH Þ dj đ DJ Đ ng ŋ NG Ŋ")
"""Letters that are commands; the blanks behind such a command are not part of the text."""

ALPHABETS = _pairs("mathbb DOUBLE-STRUCK mathds DOUBLE-STRUCK mathcal SCRIPT mathscr SCRIPT mathfrak FRAKTUR")
"""Commands for letters of a special shape, by the word that Unicode's names have for it."""

TEXT_STYLES = _names(
    "textbf textit textsl textsc texttt textrm textsf textmd textup textnormal text emph underline mbox hbox uline url"
)
"""Commands that only change how their argument looks; inside of it is text, also in mathematics."""

MATH_STYLES = _names(
    "mathrm mathbf mathsf mathit mathtt mathnormal boldsymbol bm pmb overline ensuremath mathop mathbin mathrel"
)
"""Commands that only change how their argument looks, and leave it mathematics."""

DECLARATIONS = _names(
    "em it bf tt sc rm sf sl bfseries itshape scshape ttfamily tiny scriptsize footnotesize small normalsize large "
    "Large LARGE huge Huge displaystyle textstyle scriptstyle limits nolimits big Big bigg Bigg bigl bigr Bigl Bigr "
    "noindent centering protect allowbreak nobreak xspace"
)
"""Commands that show nothing themselves."""

FENCES = _names("left right middle")
"""Commands before a delimiter; a full stop in its place shows nothing."""

DROPPED = _names("color label vspace hspace phantom hphantom vphantom")
"""Commands that show nothing, argument included."""

FUNCTIONS = _names(
    "arg log ln lg exp max min sup inf lim limsup liminf sin cos tan sinh cosh tanh det dim ker Pr gcd argmax argmin "
    "softmax"
)
"""Names of functions, which need room around them."""

WORDS = _pairs(
    "LaTeX LaTeX TeX TeX BibTeX BibTeX eg e.g. ie i.e. etc etc. textgreater > textless < textbackslash \\ "
    "textasciitilde ~ textasciicircum ^ textdegree ° degree ° deg ° textellipsis … textendash – textemdash — "
    "lbrace { rbrace } S § P ¶ mid | prime ′ textregistered ® texttrademark ™ textcopyright © textquotesingle ' "
    "textbar | textunderscore _ textdollar $ textpercent % textquoteright ’ textquoteleft ‘ textquotedblleft “ "
    "textquotedblright ” textasteriskcentered * ast ∗"
) | dict.fromkeys(["quad", "qquad", "newline", "linebreak", "space"], " ")
"""Further commands, first of all those of text."""

ESCAPES = {sign: sign for sign in "%&_$#{}@"} | dict.fromkeys(" ,;:>\\\n", " ") | {"!": "", "-": "", "/": "", "|": "‖"}
"""Commands that are one sign."""

STRIPPED_NAMES = _names(
    "alpha beta gamma delta epsilon zeta eta theta lambda mu nu xi pi rho sigma tau phi chi psi omega circ prime ast "
    "top infty"
)
"""Commands that the Hub left without their backslash, as they occur alone in a sub- or superscript."""


@lru_cache(maxsize=1024)
def symbol(name: str) -> str | None:
    """What a command stands for by its name, such as `∈` for `in`, or None if nobody knows it."""
    if name in WORDS:
        return WORDS[name]
    spec = _pylatexenc().get_macro_spec(name)
    shown = spec.simplify_repl if spec else None
    return shown if isinstance(shown, str) and "%" not in shown else None


@lru_cache(maxsize=1)
def _pylatexenc() -> Any:
    """The table of pylatexenc, which takes a while to load."""
    from pylatexenc.latex2text import get_default_latex_context_db

    return get_default_latex_context_db()


def in_alphabet(text: str, shape: str) -> str:
    """The text in letters of a special shape, as far as Unicode has them."""
    return "".join(_shaped(char, shape) for char in text)


def _shaped(char: str, shape: str) -> str:
    if not char.isascii() or not char.isalnum():
        return char
    name = unicodedata.name(char).replace("LATIN ", "").replace(" LETTER", "")
    # Letters that Unicode had before its mathematical alphabets keep their old names: ℝ, ℒ, ℭ.
    old = "BLACK-LETTER" if shape == "FRAKTUR" else shape
    for candidate in (f"{old} {name}", f"MATHEMATICAL {shape} {name}"):
        try:
            return unicodedata.lookup(candidate)
        except KeyError:
            continue
    return char
