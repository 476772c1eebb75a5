"""Whatever a paper is called, its entry runs nothing in a LaTeX document."""

import re
from datetime import date

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from paperdeck.storage.cite import bibtex, latex
from paperdeck.storage.cite.formats import cite
from paperdeck.storage.cite.mathematics import safe_formula
from paperdeck.storage.cite.work import preprint
from paperdeck.storage.paper import Paper
from paperdeck.storage.text.bibtex import decode
from tests.support.examples import examples

HOSTILE = [
    r"\immediate\write18{touch x}x",
    r"\newwrite\f\immediate\openout\f=x.txt \immediate\write\f{hi}x",
    r"\def\x{\x\x}\x",
    r"\input{/etc/hostname}",
    r"\input /etc/hostname ",
    r"\catcode`\%=12",
    r"\csname input\endcsname{x}",
    r"x^^5cinput y",
    r"\char92 x",
    r"\begin{filecontents}x\end{filecontents}",
    r"\begin{pmatrix}a\end{matrix}",
    r"\text{\input x}",
    r"\mathrm{\write18{x}}",
    r"\left(x",
    r"x\right)",
    r"\left\input x\right)",
    r"\frac{a}",
    r"x_{1",
    r"x}{y",
    r"a^b^c",
    r"a^",
    r"\loop\iftrue\repeat",
    r"\expandafter\input x",
    r"\directlua{os.execute('x')}",
    r"\special{x}",
    r"\read16 to \x",
    r"\Write18{x}",
    r"\alphax",
    r"\hskip 99999pt x",
    r"\sqrt[\input x]{y}",
    r"a \\ b",
    r"\limits_x",
    r"\x@y",
]
FORMULAS = [
    "O(n^2)",
    r"\mathcal{O}(n\log n)",
    r"\frac{a+b}{2}",
    r"\sqrt[3]{x}",
    r"\left\{x\right\}",
    r"\mathbb{R}^d \to \mathbb{R}",
    r"\operatorname*{arg\,max}_{x\in X} f(x)",
    r"\sum\limits_{i=1}^n x_i",
    r"\text{softmax}(QK^{\top}/\sqrt{d})",
    r"f''(x)\neq 0",
    r"\widehat{\theta}, \bar{x}, \vec{v}",
    r"\begin{pmatrix} a&b\\c&d \end{pmatrix}",
    r"\big( x \Big\rangle",
    r"\ell_1/\ell_{\infty}",
    r"\langle x, y \rangle",
]


@pytest.mark.parametrize("formula", HOSTILE)
def test_a_formula_that_holds_more_than_mathematics_is_refused(formula: str) -> None:
    assert safe_formula(formula) is None


@pytest.mark.parametrize("formula", HOSTILE)
def test_such_a_formula_becomes_text_in_every_entry(formula: str) -> None:
    for title in (f"A ${formula}$ b", f"A $${formula}$$", rf"A \({formula}\)", rf"A \[{formula}\]"):
        assert_harmless(title)


@pytest.mark.parametrize("command", [r"\hat", r"\frac1", r"\not", r"\sqrt", "x^", r"\bf", r"\left(", "{"])
def test_a_formula_of_commands_inside_each_other_becomes_text(command: str) -> None:
    title = f"On ${command * 240} x$"
    assert safe_formula(command * 240 + " x") is None
    assert latex.title(title)
    assert latex.is_harmless(f"${command * 19} x$") == (command not in ("{", r"\left(", "x^"))


@pytest.mark.parametrize("formula", FORMULAS)
def test_mathematics_stays_as_it_is(formula: str) -> None:
    title = f"On ${formula}$ and more"
    assert decode(latex.title(title)).replace("{}", "") == title


@pytest.mark.parametrize(
    ("formula", "written"),
    [
        (r"{\cal L}_1", r"{\mathcal{L}}_1"),
        (r"\bf x y", r"\mathbf{x y}"),
        (r"\frac12", r"\frac{1}{2}"),
        (r"\argmax_x f", r"\mathrm{argmax}_x f"),
        (r"x^\top", r"x^{\top}"),
        ("α≤β²³", r"\alpha\le\beta^{23}"),
        ("x̂", r"\hat{x}"),
        (r"\text{a_b & c}", r"\text{a\_b \& c}"),
        ("5%", r"5\%"),
        ("a&b", r"a\&b"),
    ],
)
def test_older_or_looser_mathematics_is_written_so_that_it_works(formula: str, written: str) -> None:
    assert safe_formula(formula) == written


@pytest.mark.parametrize("text", ["ℝ of α", "x₁₂ and 10²³", "θ̂ or q̂", "a → b ≤ ∞", "X^{2}-fields V_{0.5}", "a − b"])
def test_characters_that_latex_knows_in_mathematics_only_become_formulas_and_come_back(text: str) -> None:
    written = latex.title(text)
    assert not set("ℝα₁²̂→≤∞−") & set(written.replace("10²³", "")) or "²" in text
    assert decode(written) == text


def test_a_category_and_a_link_hold_nothing_that_tex_acts_on() -> None:
    hostile = Paper(
        id="local-undated-0123456789ab",
        title="T",
        doi=r"10.1000/^^5cinput$x$",
        project_url="https://example.org/^^5cinput|x",
        categories=(r"cs.CL}, x = {\input x",),
    )
    entry = cite([hostile], "bibtex")
    assert "10.1000/%5E%5E5cinput%24x%24" in entry
    assert "^^" not in entry
    assert "input x" not in cite([Paper(id="2401.00007", categories=hostile.categories)], "bibtex")


COMMAND = re.compile(r"\\([A-Za-z]+|.)", re.DOTALL)
VERBATIM = ("  doi", "  url")  # in which nothing is escaped
SIGNS = [*"{}$&#%~_^'`\"\\ aB", "$$", "$ $", "^^", "#1", r"\(", r"\)", r"\[", r"\]", r"\\", "ℝ", "\u0302", "₂", "中"]
COMMANDS = [r"\left", r"\right", r"\begin{cases}", r"\end{cases}", r"\frac", r"\text", r"\mathbb", r"\rm", r"\limits"]
FRAGMENTS = st.sampled_from([*HOSTILE, *FORMULAS, *SIGNS, *COMMANDS])
TITLES = st.lists(FRAGMENTS | st.text(max_size=4), max_size=12).map("".join)


@settings(max_examples=examples(400))
@given(TITLES)
def test_every_control_sequence_is_on_the_list(title: str) -> None:
    assert_harmless(title)


def assert_harmless(title: str) -> None:
    paper = Paper(id="2401.00007", title=title, authors=(title,), published=date(2024, 1, 2), journal_ref=title)
    local = Paper(id="local-undated-0123456789ab", title=title, authors=(title,), journal_ref=title, doi=title)
    for work in (preprint(paper), preprint(local)):
        for entry in (bibtex.misc(work, "k"), bibtex.biblatex(work, "k"), bibtex.with_accents(work, "k")):
            assert set(COMMAND.findall(entry)) <= latex.COMMANDS
            assert entry.count("{") == entry.count("}")
            assert "^^" not in entry
            text = "".join(line for line in entry.splitlines() if not line.startswith(VERBATIM))
            assert not re.search(r"(?<!\\)[$&#%^_~]", re.sub(r"\{\$.*?(?<!\\)\$\}", "", text))
