"""TeX becomes readable text, and what isn't TeX is left alone."""

import unicodedata

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from paperdeck.storage.text.clean import clean_line, clean_text
from paperdeck.storage.text.tex import find_mathematics, rows_to_unicode, to_unicode
from tests.support.examples import examples

TEX_LIKE = st.text(st.sampled_from(list("ab12 {}$^_\\\"'~%&()[]|\n")) | st.characters(), max_size=60) | st.lists(
    st.sampled_from(
        [*"{}$^_ x1", r"\frac", r"\hat", r"\"", r"\c", r"\(", r"\)", r"\char", r"\left", r"\alpha", r"\foo"]
    ),
    max_size=20,
).map("".join)


@pytest.mark.parametrize(
    ("source", "shown"),
    [
        ("in $<$5 minutes at $>$90%, 2$^{10}$5", "in <5 minutes at >90%, 2¹⁰5"),
        (r"{\ensuremath{H_0}} of \ensuremath{x^2}", "H₀ of x²"),
        ("from $5 to $10 and x=$5", "from $5 to $10 and x=$5"),
        (r"$O(n\log n)$", "O(n log n)"),
        (r"$\mathbb{R}^d$", "ℝᵈ"),
        (r"$\alpha_{t+1}$", "αₜ₊₁"),
        (r"$\mathcal{L}_{\text{CE}}$", "ℒ_CE"),
        (r"\textbf{X}", "X"),
        (r"$p(Y|X)$", "p(Y|X)"),
        (r"$\arg\max_{x\in\mathcal{X}} f(x)$", "arg max_(x∈𝒳) f(x)"),
        (r"H\"older, \texttt{bar_baz}", "Hölder, bar_baz"),
    ],
)
def test_mathematics_and_text_commands_become_readable(source: str, shown: str) -> None:
    assert to_unicode(source) == shown


@pytest.mark.parametrize(
    ("source", "shown"),
    [
        (r"$\frac{a+b}{2}$ and $\frac12$", "(a+b)/2 and 1/2"),
        (r"$\sqrt{n}$, $\sqrt[3]{x+1}$", "√n, ³√(x+1)"),
        (r"$\hat{\theta}$", "θ̂"),
        (r"$\left(\frac{1}{n}\right.$", "(1/n"),
        (r"$2\log\left(x\right)$", "2 log(x)"),
        (r"$\operatorname{softmax}(QK^\top)$", "softmax(QKᵀ)"),
        (r"$x^{10}_{i_j}$", "x¹⁰_(iⱼ)"),
        (r"$f'(x) \neq 0$", "f′(x) ≠ 0"),
        (r"\(x^2\) and \[y\] and $$z$$", "x² and y and z"),
        (r"$\mathfrak{C}$ $\mathbb{1}$", "ℭ 𝟙"),
        (r"$\nabla^2$DFT", "∇²DFT"),
        (r"90$^{\circ}$, 360{\deg}", "90°, 360°"),
        (r"$ \alpha $", "α"),
    ],
)
def test_common_constructions_are_known(source: str, shown: str) -> None:
    assert to_unicode(source) == shown


@pytest.mark.parametrize(
    ("source", "shown"),
    [
        (r"Fr\'echet, na\"{\i}ve, \c{c}a, \v s, \O rsted, {\ss}", "Fréchet, naïve, ça, š, Ørsted, ß"),
        (r"{\em very} \emph{good} \textsc{Name}", "very good Name"),
        (r"5\% of R\&D, a\_b, \$5, \#1, \{x\}", "5% of R&D, a_b, $5, #1, {x}"),
        (r"\href{https://example.org}{here}\footnote{Not there.}", "here (Not there.)"),
        (r"\LaTeX{} and \eg this", "LaTeX and e.g. this"),
        (r"a\ b", "a b"),
        (r"\unknown{thing} and \mkbibemph{this} stay", "thing and this stay"),
        (r"H\textsubscript{2}O, 5\textsuperscript{th}, \SI{5}{\kilo\meter}", "H₂O, 5ᵗʰ, 5 km"),
        (r"``quoted'' \enquote{too}", "“quoted” “too”"),
    ],
)
def test_text_commands_are_known(source: str, shown: str) -> None:
    assert to_unicode(source) == shown


@pytest.mark.parametrize(
    ("source", "shown"),
    [
        (r"Nguy{\~{\^e}}n", "Nguyễn"),
        (r"Nguy\~{\^{e}}n", "Nguyễn"),
        (r"Nguy{\~\^e}n", "Nguyễn"),
        (r"Tr{\`{\^a}}n {\Dbar}ura \u{\a}", "Trần Đura ă"),
    ],
)
def test_accents_on_accented_letters_are_known(source: str, shown: str) -> None:
    assert to_unicode(source) == shown


@pytest.mark.parametrize(
    ("source", "shown"),
    [
        ("{p}_{theta}(Y|X)", "p_θ(Y|X)"),
        ("scriptsizeFLaws", "FLaws"),
        ("texttt{D}ual-texttt{H}ead", "Dual-Head"),
        ("at a rate of mathcal{O}(T^{-1/3})", "at a rate of 𝒪(T^(-1/3))"),
        ("X^{2}-Gaussian, V_{0.5}", "X²-Gaussian, V_0.5"),
        ("R^textbf{2AI}", "R²ᴬᴵ"),
        ("v_{reason} and v_{gen}", "v_reason and v_gen"),
        ("360^{circ} views", "360° views"),
    ],
)
def test_what_the_hub_stripped_is_repaired(source: str, shown: str) -> None:
    assert to_unicode(source) == shown


@pytest.mark.parametrize(
    "text",
    [
        "costs $5 and $10 per 1k; 50% of runs & more",
        "100% of R&D #1 a_b ~tilde ^caret",
        "between $5 million and 10$, or $3-$4",
        "US$ and A$AP and K$sha",
        "{{ braces }} {0} %s %(x)s ${x}",
        "unbalanced { brace and } brace",
        r"C:\Windows\system32",
        r"ends with a backslash \ ".strip(),
        "snake_case, x^2 and a[i] b[0]",
    ],
)
def test_what_is_not_tex_stays_as_it_is(text: str) -> None:
    assert to_unicode(text) == text


@pytest.mark.parametrize(
    ("sources", "shown"),
    [
        # a root ends before what follows it
        ((r"O(\sqrt{nd})", r"O(\sqrt{n}d)", r"O(\sqrt{n}\,d)"), ("O(√nd)", "O((√n)d)", "O(√n d)")),
        ((r"\sqrt{x+1}^2", r"\sqrt{x+1}y", r"2\sqrt{x}"), ("(√(x+1))²", "√(x+1)y", "2√x")),
        ((r"2\sqrt[3]{x}", r"2^3\sqrt{x}", r"\sqrt[\alpha]{x}"), ("2(³√x)", "2³√x", "ᵅ√x")),
        # a fraction is one operand, wherever its neighbours stand
        ((r"2\frac{1}{2}", r"\frac{21}{2}", r"x\frac{1}{2}"), ("2 1/2", "21/2", "x(1/2)")),
        (
            (r"\frac{1}{2}x", r"\frac{1}{2x}", r"{\frac12} x", r"\frac{1}{2}+x"),
            ("(1/2)x", "1/(2x)", "(1/2) x", "1/2+x"),
        ),
        ((r"a/\frac{b}{c}", r"\frac{a/b}{c}", r"\frac{a}{b}^2"), ("a/(b/c)", "(a/b)/c", "(a/b)²")),
        (
            (r"\frac{1}{n}\sum x", r"\frac{d\theta}{dt}", r"\frac{\hat\theta_t}{N_{max}}"),
            ("(1/n)∑ x", "dθ/dt", "θ̂ₜ/N_max"),
        ),
        # an index ends before what follows it
        ((r"x_{gen}y", r"x_{geny}", r"x_{gen}(y)"), ("x_(gen)y", "x_geny", "x_gen(y)")),
        ((r"p_{d,k}", r"p_d,k", r"x_{b,j}^2", r"x_{1.5}"), ("p_(d,k)", "p_d,k", "x_(b,j)²", "x_1.5")),
        # an accent stays
        ((r"\overline{\mathbb{Q}}", r"B\overline{B}", r"\overline{\mathrm{MS}}"), ("ℚ̄", "BB̄", "M̅S̅")),
        ((r"\overline{x^2}", r"\overline{x}^2", r"\bar{3}", r"\underline{x}"), ("x̅²̅", "x̄²", "3̄", "x̱")),
        ((r"\hat{ab}", r"\hat{x_i}", r"\hat{x_{gen}}", r"\hat{}"), (r"\hat{ab}", "x̂ᵢ", "x̂_gen", "")),
        # rows and columns stay
        (
            (r"\begin{pmatrix} a & b \\ c & d \end{pmatrix}", r"\begin{vmatrix} a & b \\ c & d \\ \end{vmatrix}"),
            ("(a, b; c, d)", "|a, b; c, d|"),
        ),
        ((r"\begin{cases}1,&x>0\\[2pt] 0&x<0\end{cases}",), ("{1, x>0; 0, x<0}",)),
        (
            (r"\left(\begin{array}{cc} a & b\end{array}\right)", r"\begin{matrix}a&b\end{matrix}x"),
            ("(a, b)", "(a, b)x"),
        ),
        ((r"\begin{aligned}a&=b\\ c&=d\end{aligned}", r"\sum_{\substack{i<n\\j<m}}"), ("a =b; c =d", "∑_(i<n; j<m)")),
        # an unknown command keeps its arguments apart
        ((r"\foo{n}{kx}", r"\foo{n}{k}x"), (r"\foo{n}{kx}", r"\foo{n}{k}x")),
    ],
)
def test_formulas_of_different_values_look_different(sources: tuple[str, ...], shown: tuple[str, ...]) -> None:
    assert tuple(to_unicode(f"${source}$") for source in sources) == tuple(
        unicodedata.normalize("NFC", s) for s in shown
    )


def test_a_fraction_does_not_run_into_the_words_around_it() -> None:
    assert to_unicode(r"5$\frac{1}{2}$, $\frac{1}{2}$x, a $\frac{1}{2}$ and $\frac{1}{2}$-net") == (
        "5 1/2, (1/2)x, a 1/2 and 1/2-net"
    )


def test_a_display_formula_has_the_rows_of_its_alignment_and_matrices_stay_whole() -> None:
    source = (
        r"\begin{align} A &= \begin{pmatrix} a & b \\ c & d \end{pmatrix} \\[1ex] "
        r"&= \left\{\begin{array}{ll} 1 & x \\ 2 & y\end{array}\right. \tag{3}\end{align}"
    )
    assert rows_to_unicode(source) == ["A = (a, b; c, d)", "= {1 x; 2 y (3)"]


def test_an_unknown_command_in_mathematics_stays_as_it_was_written() -> None:
    assert to_unicode(r"$\foo{a}^2$") == r"\foo{a}²"


def test_paragraphs_stay_apart() -> None:
    assert to_unicode("One $\\alpha$.\n\nTwo.") == "One α.\n\nTwo."


def test_a_formula_does_not_reach_over_a_paragraph() -> None:
    assert to_unicode("A $x\n\ny$ B \\alpha") == "A $x\n\ny$ B α"


@pytest.mark.parametrize("evil", ["{", "}", "$", "\\", r"\hat", "^", r"\(", "${", r"$\frac{", r"\"", "$_", "$$"])
def test_deep_nesting_ends_well(evil: str) -> None:
    assert isinstance(to_unicode(evil * 3000), str)


@pytest.mark.parametrize("source", [r"\char27[2J", r"\symbol{27}", "^^[[2J", "$\x1b[2J\\alpha$", "\\\x07", '\\"\x9b'])
def test_no_control_character_comes_out(source: str) -> None:
    assert clean_line(to_unicode(source)) == to_unicode(source)


@settings(max_examples=examples(300))
@given(TEX_LIKE)
def test_it_never_fails_and_what_comes_out_is_clean(text: str) -> None:
    shown = to_unicode(text)
    assert not any(unicodedata.category(sign) == "Cc" and sign != "\n" for sign in shown)
    assert all(clean_line(line) == line.strip() for line in shown.split("\n")) or clean_text(shown) == shown.strip()


@given(st.text(max_size=80).map(clean_text).filter(lambda text: not set(text) & set("\\${")))
def test_text_without_tex_is_returned_as_it_is(text: str) -> None:
    assert to_unicode(text) == text


def test_formulas_are_found_and_money_is_not() -> None:
    text = r"From $5 to $10: $O(n^2)$, \(x\), $$y$$ and 5\$ for $k$-NN"
    assert [found[0] for found in find_mathematics(text)] == ["$O(n^2)$", r"\(x\)", "$$y$$", "$k$"]


@pytest.mark.parametrize(
    ("start", "piece"),
    [("", "$x$ "), ("", r"\begin{matrix}"), ("", r"\text{$x$"), (r"\frac12", r"\quad"), (r"$\begin{array}", " ")],
)
def test_repeated_tex_takes_a_moment(start: str, piece: str) -> None:
    """Quotation marks were looked for in the whole text again and again, and blanks from each of them on."""
    assert to_unicode(f"{start}{piece * 20_000}x")
