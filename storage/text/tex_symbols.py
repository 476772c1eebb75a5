"""The meaning of TeX commands: the tables for `storage.text.tex`."""

from __future__ import annotations

import unicodedata

from .words import word_pairs, word_set

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

LETTER_ACCENTS = dict(zip("uvHckdbrth", "\u0306\u030c\u030b\u0327\u0328\u0323\u0331\u030a\u0361\u0309", strict=True))
LETTER_ACCENTS["textcommabelow"] = "\u0326"
"""Accents whose command is a letter, such as `\\c{c}`; they have no meaning in mathematics."""

MATH_ACCENTS = word_pairs(
    "hat \u0302 widehat \u0302 tilde \u0303 widetilde \u0303 bar \u0304 vec \u20d7 dot \u0307 ddot \u0308 "
    "check \u030c breve \u0306 overline \u0304 underline \u0331 acute \u0301 grave \u0300 mathring \u030a "
    "dddot \u20db ddddot \u20dc"
)

LETTERS = word_pairs(
    "i ı j ȷ o ø O Ø l ł L Ł ss ß ae æ AE Æ oe œ OE Œ aa å AA Å dh ð DH Ð th þ TH Þ dj đ DJ Đ dbar đ Dbar Đ ng ŋ NG Ŋ "
    "ohorn ơ OHORN Ơ uhorn ư UHORN Ư cprime ʹ cdprime ʺ Cprime ʹ Cdprime ʺ"
)
"""Letters that are commands; spaces after such a command are not part of the text."""

ALPHABETS = word_pairs("mathbb DOUBLE-STRUCK mathds DOUBLE-STRUCK mathcal SCRIPT mathscr SCRIPT mathfrak FRAKTUR")
"""Commands for alphabets such as script, with the word that names the alphabet in Unicode."""

TEXT_STYLES = word_set(
    "textbf textit textsl textsc texttt textrm textsf textmd textup textnormal text emph underline mbox hbox uline url"
)
"""Commands that only change the look of their argument, which is text even in mathematics."""

MATH_STYLES = word_set("mathrm mathbf mathsf mathit mathtt mathnormal boldsymbol bm pmb mathop mathbin mathrel")
"""Commands that only change the look of their argument, which stays mathematics."""

DECLARATIONS = word_set(
    "em it bf tt sc rm sf sl bfseries itshape scshape ttfamily tiny scriptsize footnotesize small normalsize large "
    "Large LARGE huge Huge displaystyle textstyle scriptstyle limits nolimits big Big bigg Bigg bigl bigr Bigl Bigr "
    "noindent centering nonumber notag protect allowbreak nobreak relax upshape mdseries"
)
"""Commands that show nothing themselves."""

FENCES = word_set("left right middle")
"""Commands before a delimiter; a full stop stands for an invisible one."""

DROPPED = word_set(
    "color label vspace hspace phantom hphantom vphantom noopsort SortNoop thanks footnotemark includegraphics"
)
"""Commands that show nothing, argument included."""

FUNCTIONS = word_set(
    "arg log ln lg exp max min sup inf lim limsup liminf sin cos tan sec csc cot sinh cosh tanh coth arcsin arccos "
    "arctan det dim ker hom Pr gcd argmax argmin softmax arccosh arcsinh arctanh injlim projlim"
)
"""Names of functions, which need spaces around them."""

SYMBOLS = word_pairs(
    "Delta Δ Gamma Γ Lambda Λ Omega Ω Phi Φ Pi Π Psi Ψ Sigma Σ Theta Θ Upsilon Υ Xi Ξ alpha α backepsilon ϶ "
    "beta β chi χ delta δ digamma ϝ epsilon ϵ eta η gamma γ iota ι kappa κ lambda λ mu μ nu ν omega ω phi ϕ pi π "
    "psi ψ rho ρ sigma σ tau τ theta θ upsilon υ varDelta Δ varGamma Γ varLambda Λ varOmega Ω varPhi Φ varPi Π "
    "varPsi Ψ varSigma Σ varTheta Θ varUpsilon Υ varXi Ξ varepsilon ε varkappa ϰ varphi φ varpi ϖ varrho ϱ "
    "varsigma ς vartheta ϑ xi ξ zeta ζ "
    "Downarrow ⇓ Im ℑ Leftarrow ⇐ Leftrightarrow ⇔ Longleftarrow ⟸ Longleftrightarrow ⟺ Longrightarrow ⟹ Re ℜ "
    "Rightarrow ⇒ Uparrow ⇑ Updownarrow ⇕ Vert ‖ aleph ℵ amalg ⨿ angle ∠ approx ≈ ast ∗ asymp ≍ backslash \\ "
    "bigcap ⋂ bigcirc ◯ bigcup ⋃ bigodot ⨀ bigoplus ⊕ bigotimes ⊗ bigsqcup ⨆ bigtriangledown ▽ bigtriangleup △ "
    "biguplus ⨄ bigvee ⋁ bigwedge ⋀ bowtie ⋈ bullet ∙ cap ∩ cdot · cdots ⋯ circ ∘ clubsuit ♣ colon : cong ≅ "
    "coprod ∐ cup ∪ dag † dagger † dashv ⊣ ddag ‡ ddagger ‡ ddots ⋱ diamond ♢ diamondsuit ♢ div ÷ doteq ≐ dots … "
    "downarrow ↓ ell ℓ emptyset ∅ equiv ≡ exists ∃ flat ♭ forall ∀ frown ⌢ ge ≥ geq ≥ gets ← gg ≫ hbar ħ "
    "heartsuit ♡ hookleftarrow ↩ hookrightarrow ↪ iff ⟺ imath ı in ∈ infty ∞ int ∫ jmath ȷ land ∧ langle ⟨ "
    "lbrace { lbrack [ lceil ⌈ ldots … le ≤ leftarrow ← leftharpoondown ↽ leftharpoonup ↼ leftrightarrow ↔ leq ≤ "
    "lfloor ⌊ ll ≪ lmoustache ⎰ lnot ¬ longleftarrow ⟵ longleftrightarrow ⟷ longmapsto ⟼ longrightarrow ⟶ lor ∨ "
    "mapsto ↦ mid | models ⊨ mp ∓ nabla ∇ natural ♮ ne ≠ nearrow ↗ neg ¬ neq ≠ ni ∋ notin ∉ "
    "nwarrow ↖ odot ⊙ oint ∮ ominus ⊖ oplus ⊕ oslash ⊘ otimes ⊗ owns ∋ parallel ∥ partial ∂ perp ⊥ pm ± prec ≺ "
    "preceq ≼ prime ′ prod ∏ propto ∝ rangle ⟩ rbrace } rbrack ] rceil ⌉ rfloor ⌋ rightarrow → rightharpoondown ⇁ "
    "rightharpoonup ⇀ rightleftharpoons ⇌ rmoustache ⎱ searrow ↘ setminus ∖ sharp ♯ sim ∼ simeq ≃ smallint ∫ "
    "smile ⌣ spadesuit ♠ sqcap ⊓ sqcup ⊔ sqsubseteq ⊑ sqsupseteq ⊒ star ⋆ subset ⊂ subseteq ⊆ succ ≻ succeq ≽ "
    "sum ∑ supset ⊃ supseteq ⊇ surd √ swarrow ↙ times × to → top ⊤ triangle △ triangleleft ◃ triangleright ▹ "
    "uparrow ↑ updownarrow ↕ uplus ⊎ vdash ⊢ vdots ⋮ vee ∨ vert | wedge ∧ wp ℘ wr ≀ "
    "Bbbk 𝕜 Box □ Bumpeq ≎ Cap ⋒ Cup ⋓ Diamond ◇ Doteq ≑ Finv Ⅎ Game ⅁ Join ⋈ Lleftarrow ⇚ Lsh ↰ Rrightarrow ⇛ "
    "Rsh ↱ Subset ⋐ Supset ⋑ Vdash ⊩ Vvdash ⊪ approxeq ≊ backprime ‵ backsim ∽ backsimeq ⋍ barwedge ⌅ because ∵ "
    "beth ℶ between ≬ bigstar ★ blacklozenge ⧫ blacksquare ▪ blacktriangle ▴ blacktriangledown ▾ "
    "blacktriangleleft ◂ blacktriangleright ▸ boxdot ⊡ boxminus ⊟ boxplus ⊞ boxtimes ⊠ bumpeq ≏ centerdot · "
    "checkmark ✓ circeq ≗ circlearrowleft ↺ circlearrowright ↻ circledS Ⓢ circledast ⊛ circledcirc ⊚ "
    "circleddash ⊝ complement ∁ curlyeqprec ⋞ curlyeqsucc ⋟ curlyvee ⋎ curlywedge ⋏ curvearrowleft ↶ "
    "curvearrowright ↷ daleth ℸ diagup ╱ divideontimes ⋇ doteqdot ≑ dotplus ∔ dotsb … dotsc … dotsi … dotsm … "
    "dotso … doublebarwedge ⩞ doublecap ⋒ doublecup ⋓ downdownarrows ⇊ downharpoonleft ⇃ downharpoonright ⇂ "
    "eqcirc ≖ eqslantgtr ⪖ eqslantless ⪕ fallingdotseq ≒ geqq ≧ geqslant ⩾ gimel ℷ gnapprox ⪊ gneq ⪈ gneqq ≩ "
    "gnsim ⋧ gtrapprox ⪆ gtrdot ⋗ gtreqless ⋛ gtreqqless ⪌ gtrless ≷ gtrsim ≳ gvertneqq ≩ hslash ℏ iiint ∭ iint ∬ "
    "impliedby ⟸ implies ⟹ intercal ⊺ lVert ‖ leadsto ⇝ leftarrowtail ↢ leftleftarrows ⇇ leftrightarrows ⇆ "
    "leftrightharpoons ⇋ leftrightsquigarrow ↭ leftthreetimes ⋋ leqq ≦ leqslant ⩽ lessapprox ⪅ lessdot ⋖ "
    "lesseqgtr ⋚ lesseqqgtr ⪋ lessgtr ≶ lesssim ≲ lhd ⊲ llcorner ⌞ lnapprox ⪉ lneq ⪇ lneqq ≨ lnsim ⋦ "
    "looparrowleft ↫ looparrowright ↬ lozenge ◊ lrcorner ⌟ ltimes ⋉ lvert | lvertneqq ≨ measuredangle ∡ mho ℧ "
    "multimap ⊸ nLeftarrow ⇍ nLeftrightarrow ⇎ nRightarrow ⇏ nVDash ⊯ nVdash ⊮ ncong ≇ nexists ∄ ngeq ≱ ngeqq ≱ "
    "ngeqslant ≱ ngtr ≯ nleftarrow ↚ nleftrightarrow ↮ nleq ≰ nleqq ≰ nleqslant ≰ nless ≮ nmid ∤ nparallel ∦ "
    "nprec ⊀ npreceq ⋠ nrightarrow ↛ nshortmid ∤ nshortparallel ∦ nsim ≁ nsubseteq ⊈ nsubseteqq ⊈ nsucc ⊁ "
    "nsucceq ⋡ nsupseteq ⊉ ntriangleleft ⋪ ntrianglelefteq ⋬ ntriangleright ⋫ ntrianglerighteq ⋭ nvDash ⊭ "
    "nvdash ⊬ pitchfork ⋔ precapprox ⪷ preccurlyeq ≼ precnapprox ⪹ precneqq ⪵ precsim ≾ rVert ‖ rhd ⊳ "
    "rightarrowtail ↣ rightleftarrows ⇄ rightrightarrows ⇉ rightsquigarrow ⇝ rightthreetimes ⋌ risingdotseq ≓ "
    "rtimes ⋊ rvert | shortmid ∣ shortparallel ∥ smallsetminus ∖ sphericalangle ∢ sqsubset ⊏ sqsupset ⊐ square □ "
    "subseteqq ⫅ subsetneq ⊊ subsetneqq ⫋ succapprox ⪸ succcurlyeq ≽ succnapprox ⪺ succneqq ⪶ succnsim ⋩ "
    "succsim ≿ supseteqq ⫆ supsetneq ⊋ supsetneqq ⫌ therefore ∴ thickapprox ≈ thicksim ∼ triangledown ▿ "
    "trianglelefteq ⊴ triangleq ≜ trianglerighteq ⊵ twoheadleftarrow ↞ twoheadrightarrow ↠ ulcorner ⌜ unlhd ⊴ "
    "unrhd ⊵ upharpoonleft ↿ upharpoonright ↾ upuparrows ⇈ urcorner ⌝ vDash ⊨ varnothing ∅ varpropto ∝ "
    "varsubsetneq ⊊ varsupsetneq ⊋ vartriangle ▵ vartriangleleft ⊲ vartriangleright ⊳ veebar ⊻"
)
"""Mathematical symbols: exactly the commands without an argument in LaTeX with amsmath and amssymb."""

WORDS = word_pairs(
    "LaTeX LaTeX TeX TeX BibTeX BibTeX eg e.g. ie i.e. etc etc. textgreater > textless < textbackslash \\ "
    "textasciitilde ~ textasciicircum ^ textdegree ° degree ° deg ° textellipsis … textendash – textemdash — "
    "lbrace { rbrace } S § P ¶ mid | prime ′ textregistered ® texttrademark ™ textcopyright © textquotesingle ' "
    "textbar | textunderscore _ textdollar $ textpercent % textquoteright ’ textquoteleft ‘ textquotedblleft “ "
    "textquotedblright ” textasteriskcentered * ast ∗ Alpha Α Beta Β Epsilon Ε Zeta Ζ Eta Η Iota Ι Kappa Κ Mu Μ Nu Ν "
    "Omicron Ο Rho Ρ Tau Τ Chi Χ omicron ο pounds £ copyright © copyrightsign © hdots … ij ĳ IJ Ĳ "
    "textpm ± textmp ∓ texteuro € euro € textexclamdown ¡ textquestiondown ¿ textcent ¢ textsterling £ textyen ¥ "
    "textsection § textparagraph ¶ textordfeminine ª textordmasculine º textonesuperior ¹ texttwosuperior ² "
    "textthreesuperior ³ textonequarter ¼ textonehalf ½ textthreequarters ¾ textmu µ texttimes × textdiv ÷ textlnot ¬ "
    "textperiodcentered · textdagger † textdaggerdbl ‡ textbullet • textperthousand ‰ textpertenthousand ‱ textohm Ω "
    "textcelsius ℃ textnumero № textestimated ℮ textleftarrow ← textuparrow ↑ textrightarrow → textdownarrow ↓ "
    'textopenbullet ◦ textbigcircle ◯ textasciigrave ` textasciiacute ´ textquotedbl " textfractionsolidus ⁄ '
    "guillemotleft « guillemotright » guillemetleft « guillemetright » guilsinglleft ‹ guilsinglright › "
    "glqq „ grqq “ glq ‚ grq ‘ flqq « frqq » flq ‹ frq › slash / "
    "quotedblbase „ quotesinglbase ‚ lq ‘ rq ’ textschwa ə textinterrobang ‽ iddots ⋰ udots ⋰ lbrack [ rbrack ]"
) | dict.fromkeys(
    ["quad", "qquad", "enspace", "enskip", "thinspace", "medspace", "thickspace", "newline", "linebreak", "space"], " "
)
"""Other commands, mostly for text."""

ESCAPES = {sign: sign for sign in "%&_$#{}@"} | dict.fromkeys(" ,;:>\\\n", " ") | {"!": "", "-": "", "/": "", "|": "‖"}
"""Commands that are one sign."""

UNITS = word_pairs(
    "kilo k mega M giga G tera T peta P milli m micro µ nano n pico p centi c deci d meter m metre m second s gram g "
    "kilogram kg ampere A kelvin K mole mol candela cd hertz Hz newton N pascal Pa joule J watt W volt V ohm Ω "
    "tesla T day d celsius °C degreeCelsius °C degree ° byte B bit bit per / squared ² cubed ³ "
    "percent % minute min hour h"
)
"""Units of the package siunitx."""

STRIPPED_NAMES = word_set(
    "alpha beta gamma delta epsilon zeta eta theta lambda mu nu xi pi rho sigma tau phi chi psi omega circ prime ast "
    "top infty"
)
"""Commands whose backslash the Hub strips and that occur alone in a sub- or superscript."""


def symbol(name: str) -> str | None:
    """The character that a command stands for, such as `∈` for `in`, or None for an unknown command."""
    shown = WORDS.get(name)
    return SYMBOLS.get(name) if shown is None else shown


def in_alphabet(text: str, shape: str) -> str:
    """The text in a special alphabet, as far as Unicode has the letters."""
    return "".join(_shaped(char, shape) for char in text)


def _shaped(char: str, shape: str) -> str:
    if not char.isascii() or not char.isalnum():
        return char
    name = unicodedata.name(char).replace("LATIN ", "").replace(" LETTER", "")
    # Letters that are older in Unicode than its mathematical alphabets keep their old names: ℝ, ℒ, ℭ.
    old = "BLACK-LETTER" if shape == "FRAKTUR" else shape
    for candidate in (f"{old} {name}", f"MATHEMATICAL {shape} {name}"):
        try:
            return unicodedata.lookup(candidate)
        except KeyError:
            continue
    return char
