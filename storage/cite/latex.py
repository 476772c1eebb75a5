"""Text as LaTeX that survives BibTeX and biber unchanged and can't run commands in a document.

Formulas stay, in braces; everything else is text, whose special characters are escaped. Only control sequences in
COMMANDS are written. Braces are always balanced, because BibTeX counts them even after a backslash. Significant
capitals are protected word by word; styles may change the case of all others.
"""

from __future__ import annotations

import re
import unicodedata

from paperdeck.storage.text import tex, tex_symbols
from paperdeck.storage.text.words import word_set

from . import mathematics

_ESCAPES = str.maketrans(
    {sign: "\\" + sign for sign in "&%#_${}"}
    | {"~": r"{\textasciitilde}", "^": r"{\textasciicircum}", "\\": r"{\textbackslash}"}
    | {"<": r"{\textless}", ">": r"{\textgreater}", "|": r"{\textbar}"}
)

_FIRST_MARK, _LAST_MARK = 0xE000, 0xF8FF
"""Private-use characters that replace the formulas of a title while its text is processed."""

_MAX_FORMULAS = 1000
_MAX_ACCENTS = 3
_MARK = re.compile(f"([{chr(_FIRST_MARK)}-{chr(_LAST_MARK)}])")
_STRIPPED_SCRIPT = re.compile(r"[_^]\{(?:[A-Z]|[a-z]{1,2}|[0-9+\-.,=]+)\}")  # X^{2}, as the Hub leaves X$^{2}$
_NO_TEXT = re.compile(
    r"[⁰¹²³⁴-ⁿ]{2,}|[⁰⁴-ⁿ]|[₀-ₜ]+|[\u2032-\u2037]"
    r"|[\u0370-\u03ff\u2100-\u2114\u2118-\u2121\u2123-\u214f\u2190-\u22ff\u2300-\u232f\u27c0-\u27ff\u2900-\u2aff\U0001d400-\U0001d7ff]"
    r"[\u0300-\u036f\u20d7]*"
)
"""Characters that LaTeX with UTF-8 only accepts in mathematics."""

_COMBINED = re.compile(r"(?P<base>[^\W\d_]?)(?P<marks>[\u0300-\u036f\u20d0-\u20ff]+)")

_CHAIN = re.compile(r"[^\W_]+(?:[&.'’][^\W_]+)*(?:\+\+|#)?(?:[-–/][^\W_]+(?:[&.'’][^\W_]+)*(?:\+\+|#)?)*")
_LINK = re.compile(r"([-–/])")
_PORTABLE_LETTERS = frozenset({"o", "O", "l", "L", "ss", "ae", "AE", "oe", "OE", "aa", "AA", "i"})
_LETTER_COMMANDS = {letter: name for name, letter in tex_symbols.LETTERS.items() if name in _PORTABLE_LETTERS}
_ACCENT_COMMANDS = {mark: name for name, mark in (tex_symbols.SIGN_ACCENTS | tex_symbols.LETTER_ACCENTS).items()}

COMMANDS = frozenset(
    {*"&%#_${}", "par", "textasciitilde", "textasciicircum", "textbackslash", "textless", "textgreater", "textbar"}
    | {*_LETTER_COMMANDS.values(), *_ACCENT_COMMANDS.values()}
    | mathematics.COMMANDS
)
"""Every control sequence in the output, without the backslash."""

_TEXT_COMMANDS = (
    COMMANDS
    | tex_symbols.LETTERS.keys()
    | tex_symbols.TEXT_STYLES - {"url"}
    | word_set(
        "textsuperscript textsubscript enquote mkbibquote mkbibemph mkbibitalic mkbibbold textquotesingle LaTeX "
        "textendash textemdash textellipsis textdegree textregistered texttrademark textcopyright textquoteleft "
        "textquoteright textquotedblleft textquotedblright textunderscore textdollar textpercent ldots dots TeX -"
    )
)
"""Commands allowed unchanged in a value of the reader's own record."""

_COMMAND = re.compile(r"(?s)\\([A-Za-z]+|.)")
_DOLLAR = re.compile(r"(?<!\\)\$")
_SPECIAL = re.compile(r"(?<!\\)[%#&_^]")
_WEB_LINK = re.compile(r"\\url\s*\{\s*https?://[^{}\\^\s]*\s*\}")

_NAME_WITH_NUMBER = re.compile(r"[A-Z]+[a-z]*\d")
_LIGATURE = re.compile(r"-(?=-)|`(?=`)|'(?=')")
"""Characters that TeX would merge into a dash or a quotation mark."""

_HARMLESS = re.compile(r"(?:[A-Za-z0-9.,:;?!()]+[ -])*[A-Za-z0-9.,:;?!()]+")
"""Text without special characters or double spaces."""

_SENTENCE_END = (":", "?", "!", ".")
PROPER_NAMES = word_set(
    # languages and peoples
    "African Afrikaans American Amharic Arab Arabic Armenian Asian Australian Austrian Basque Bavarian Belgian "
    "Bengali Brazilian British Bulgarian Canadian Cantonese Catalan Chinese Croatian Czech Danish Dutch Egyptian "
    "English Estonian European Finnish French Galician Georgian German Greek Gujarati Hausa Hebrew Hindi "
    "Hungarian Icelandic Indian Indic Indonesian Iranian Iraqi Irish Israeli Italian Japanese Javanese Kannada "
    "Karakalpak Kazakh Korean Kurdish Latin Latvian Lithuanian Malay Malayalam Maltese Mandarin Marathi Mexican "
    "Mongolian Nepali Nordic Norwegian Persian Polish Portuguese Punjabi Quechua Romanian Russian Sanskrit "
    "Sardinian Scandinavian Scottish Serbian Slavic Slovak Slovenian Somali Spanish Swahili Swedish Swiss Tamil "
    "Telugu Thai Tibetan Turkish Ukrainian Urdu Uyghur Uzbek Vietnamese Welsh Yiddish Yoruba Zulu "
    "Albanian Argentine Assamese Azerbaijani Belarusian Bosnian Breton Burmese Chilean Colombian Cuban Esperanto "
    "Ethiopian Faroese Filipino Hawaiian Igbo Khmer Luxembourgish Macedonian Maori Moroccan Odia Pashto Peruvian "
    "Saudi Sindhi Sinhala Tagalog Tunisian Xhosa "
    # places
    "Africa America Amazon Antarctica Arctic Asia Australia Austria Barcelona Beijing Belgium Berlin Boston "
    "Brazil Britain Cambridge Canada Chicago China Denmark Egypt England Europe Finland France Germany Greece "
    "Hollywood Iceland India Indonesia Iran Ireland Israel Italy Japan Kenya Korea London Mars Mexico Montreal "
    "Moscow Netherlands Nigeria Norway Oxford Pakistan Paris Poland Portugal Russia Scotland Seoul Shanghai "
    "Singapore Spain Stanford Sweden Switzerland Taiwan Thailand Tokyo Toronto Turkey Ukraine Vietnam Wales York "
    "Zurich "
    # mathematicians and other scholars
    "Abel Abelian Alzheimer Archimedes Bayes Bayesian Bellman Bernoulli Bessel Boltzmann Boolean Bourbaki Bregman "
    "Brownian Carlo Cartesian Cauchy Chebyshev Cholesky Chomsky Cohen Darwin Descartes Dijkstra Dirac Dirichlet "
    "Elo Einstein Euclid Euclidean Euler Eulerian Fermat Fibonacci Fisher Fourier Frobenius Gabor Galerkin Galois "
    "Gauss Gaussian Gaussians Gibbs Godel Goodhart Gumbel Hadamard Hamilton Hamiltonian Hausdorff Hawkes Hebbian "
    "Heisenberg Hermite Hermitian Hessian Hilbert Hodge Hopfield Huber Huffman Jacobi Jacobian Jacobians Jensen "
    "Jordan Kalman Kantorovich Kolmogorov Krylov Kronecker Kullback Lagrange Lagrangian Langevin Laplace "
    "Laplacian Lebesgue Legendre Leibler Leibniz Levenshtein Lipschitz Lyapunov Mahalanobis Markov Markovian "
    "Mercer Minkowski Monte Moore Nash Nesterov Neumann Newton Newtonian Noether Nyquist Nystrom Occam Pareto "
    "Parkinson Parzen Pearson Penrose Pitman Platonic Poincare Poisson Procrustes Pythagorean Rademacher Riemann "
    "Riemannian Runge Schrodinger Shannon Shapley Sherlock Simpson Sinkhorn Sobolev Socratic Stein Stiefel Stokes "
    "Sylvester Taylor Tikhonov Turing Tweedie Vandermonde Vapnik Viterbi Voronoi Wasserstein Wiener Wigner Zipf "
    "Banach Borel Bose Cantor Coulomb Delaunay Doppler Erdos Faraday Fermi Feynman Goldbach Hamming Ising Jaccard "
    "Kendall Kepler Lorentz Maxwell Navier Ornstein Pauli Peano Planck Raman Ramsey Rayleigh Renyi Reynolds Schur "
    "Spearman Steiner Toeplitz Uhlenbeck Vietoris Weyl Zermelo "
    # programs, models and companies
    "Adam Android Anthropic Apollo Baidu Bielik Caffe Claude Codex Copilot Cosmos Coq Dafny Docker Falcon Fortran "
    "Gemini Gemma Google Grok Haskell Hugging Hunyuan Imagen Isabelle Jamba Java Julia Jupyter Kandinsky Kimi "
    "Kling Kotlin Linux Llama Lumina Lyra Magistral Mamba Matlab Matryoshka Microsoft Minecraft Ministral Mistral "
    "Molmo Moltbook Muon Nemotron Nvidia Olympiad Olympiads Perl Perplexity Pixtral Prolog Python Qilin Qwen "
    "Reddit Roblox Samba Scala Seedance Seedream Shampoo Skywork Sora Stockfish Tongyi Triton Twitter Verilog "
    "Verus Veo Vicuna Voyager Whisper Wikidata Wikipedia Xiaohongshu Zamba"
)
"""Names whose capital a style must keep, for titles in which every word has a capital; without accents.

Made from the titles and abstracts of two and a half years of Daily Papers: words in titles that abstracts capitalise
within sentences; and other peoples, languages, places and mathematicians.
"""


def escape(text: str) -> str:
    """The text on one line, with LaTeX's special characters escaped."""
    if _HARMLESS.fullmatch(text):  # most names, ten times faster
        return text
    return _escaped(_balanced(unicodedata.normalize("NFC", " ".join(text.split()))))


def escape_lines(text: str) -> str:
    """The same for several lines, which become paragraphs."""
    return r"\par ".join(map(escape, text.split("\n")))


def is_harmless(value: str) -> bool:
    """Whether an untrusted value holds only text and mathematics for TeX."""
    if not mathematics.is_balanced(value) or "^^" in value:
        return False
    pieces = _DOLLAR.split(_WEB_LINK.sub("", value))
    commands = {command for piece in pieces[::2] for command in _COMMAND.findall(piece)}
    return (
        len(pieces) % 2 == 1
        and commands <= _TEXT_COMMANDS
        and not any(map(_SPECIAL.search, pieces[::2]))
        and all(mathematics.safe_formula(piece) for piece in pieces[1::2])
    )


def title(text: str) -> str:
    """A title: formulas kept, significant capitals protected."""
    formulas = _Formulas()
    marked = formulas.mark_all(unicodedata.normalize("NFC", _MARK.sub("", text)))
    words = formulas.mark_characters(_balanced(tex.to_unicode(marked))).split()
    sentence = _is_sentence_case(words)
    written = []
    start = True
    for number, word in enumerate(words):
        pieces = _MARK.split(word)
        is_name = (sentence and not start) or (number == 0 and len(words) > 1 and word.endswith(":"))  # Mamba: …
        written.append("".join(_piece(piece, formulas.latex, is_name) for piece in pieces))
        start = word.endswith(_SENTENCE_END)
    return " ".join(written)


def accents(latex: str) -> str:
    """The same with LaTeX's commands for accents, for programs that can't read UTF-8.

    Characters without a widely supported command stay.
    """
    return "".join(char if char.isascii() else _accent_command(char) for char in latex)


class _Formulas:
    """The formulas of a title, each replaced by a private character.

    Mathematics without dollars, such as `X^{2}` from the Hub or a character such as ℝ, begins with a group of its own,
    so that it can be distinguished from the title's formulas when the entry is read back.
    """

    def __init__(self) -> None:
        self.latex: list[str] = []

    def _mark(self, latex: str | None, text: str) -> str:
        if not latex or len(self.latex) >= _MAX_FORMULAS:
            return text
        self.latex.append(latex)
        return chr(_FIRST_MARK + len(self.latex) - 1)

    def mark_all(self, text: str) -> str:
        """The text with its formulas marked."""
        written = []
        position = 0
        for found in tex.find_mathematics(text):
            inner = mathematics.safe_formula(found[found.lastgroup or 0])
            written += [text[position : found.start()], self._mark(inner and f"${inner}$", found[0])]
            position = found.end()
        marked = "".join(written) + text[position:]
        return _STRIPPED_SCRIPT.sub(lambda found: self._mark(f"${{}}{found[0]}$", found[0]), marked)

    def mark_characters(self, text: str) -> str:
        """The text with marks for the characters that LaTeX doesn't accept as text."""
        text = _NO_TEXT.sub(lambda found: self._mark(_character(found), found[0]), text)
        return _COMBINED.sub(lambda found: self._mark(_accented(found), ""), text)


def _character(found: re.Match[str]) -> str:
    """A character that LaTeX only accepts in mathematics, as a formula."""
    formula = mathematics.of_characters(found[0])
    return f"${formula}$" if formula else ""


def _escaped(text: str) -> str:
    """Escape special characters; characters that LaTeX doesn't accept as text become a formula or a command."""
    plain = _LIGATURE.sub(r"\g<0>{}", text.translate(_ESCAPES))
    marked = _NO_TEXT.sub(lambda found: f"{{{_character(found)}}}" if _character(found) else found[0], plain)
    return _COMBINED.sub(lambda found: f"{{{_accented(found)}}}", marked)


def _accented(found: re.Match[str]) -> str:
    """A letter with the commands for its combining accents; accents without a command are dropped."""
    written = found["base"]
    for mark in found["marks"][:_MAX_ACCENTS]:
        if mark in _ACCENT_COMMANDS:
            written = f"\\{_ACCENT_COMMANDS[mark]}{{{written}}}"
    return written


def _piece(piece: str, formulas: list[str], is_name: bool) -> str:
    """A part of a word: a formula, or text with its capitals protected."""
    if _MARK.fullmatch(piece):
        return "{" + formulas[ord(piece) - _FIRST_MARK] + "}"
    written = []
    position = 0
    for chain in _CHAIN.finditer(piece):
        written += [_escaped(piece[position : chain.start()]), _protect(chain[0], is_name)]
        position = chain.end()
    return "".join(written) + _escaped(piece[position:])


def _protect(chain: str, is_name: bool) -> str:
    """Hyphenated words, with braces around those with significant capitals: `{GPT-4}`, `{LLM}-Based`."""
    parts = _LINK.split(chain)
    words, links = parts[::2], [*parts[1::2], ""]
    meant = [_has_meaning(word) or (is_name and word[0].isupper()) for word in words]
    for index, word in enumerate(words[1:], 1):
        if word[0].isdecimal() and words[index - 1][0].isupper():  # Llama-3 is a name
            meant[index - 1] = meant[index] = True
    written = []
    for index, word in enumerate(words):
        opens = meant[index] and not (index and meant[index - 1])
        closes = meant[index] and not (index + 1 < len(words) and meant[index + 1])
        written += ["{" * opens, _escaped(word), "}" * closes, links[index]]
    return "".join(written)


def _has_meaning(word: str) -> bool:
    """Whether a style must not change the case of a word: QLoRA, R&D, 3D, X, V2, Gauss, but not Attention or A."""
    letters = word.rstrip("+#")
    return (
        any(char.isupper() for char in word[1:])
        or (letters.isupper() and len(letters) == 1 and word != "A")
        or bool(_NAME_WITH_NUMBER.match(word))
        or not PROPER_NAMES.isdisjoint((_bare(word), _bare(word).removesuffix("s")))
    )


def _bare(word: str) -> str:
    """A word without accents and without a possessive."""
    plain = "".join(char for char in unicodedata.normalize("NFD", word) if not unicodedata.combining(char))
    return re.sub(r"['’]s?$", "", plain)


def _is_sentence_case(words: list[str]) -> bool:
    """Whether a title is in sentence case, so a capital after the first word marks a name.

    In a longer title, half the words in lower case are enough, as the others may be names.
    """
    telling = [word[0].isupper() for word in words[1:] if len(word) > 3 and word[0].isalpha()]
    return bool(telling) and (sum(telling) < len(telling) / 2 or 4 <= len(telling) == 2 * sum(telling))


def _balanced(text: str) -> str:
    return text if mathematics.is_balanced(text) else text.replace("{", "(").replace("}", ")")


def _accent_command(char: str) -> str:
    """A letter by its command, the whole in braces; some readers know `{\\'i}` but not `{\\'\\i}`."""
    if char in _LETTER_COMMANDS:
        return "{\\" + _LETTER_COMMANDS[char] + "}"
    base, *marks = list(unicodedata.normalize("NFD", char))
    if len(marks) != 1 or marks[0] not in _ACCENT_COMMANDS or not (base.isascii() and base.isalpha()):
        return char
    command = _ACCENT_COMMANDS[marks[0]]
    return "{\\" + command + (" " if command.isalpha() else "") + base + "}"
