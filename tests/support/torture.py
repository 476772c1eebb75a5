"""Text that no program should have to display, as it upsets a terminal, markup or widths."""

from __future__ import annotations

ESC, BEL, ST = "\x1b", "\x07", "\x1b\\"

SEQUENCES = {
    "clipboard by BEL": f"{ESC}]52;c;cHduZWQtYmVs{BEL}",
    "clipboard by ST": f"{ESC}]52;c;cHduZWQtc3Q={ST}",
    "clipboard in C1": "\x9d52;c;cHduZWQtYzE=\x9c",
    "clipboard without an end": f"{ESC}]52;c;cHduZWQtb3Blbg==",
    "title": f"{ESC}]0;PWNED-TITLE{BEL}",
    "title in C1": "\x9d2;PWNED-C1-TITLE\x9c",
    "hyperlink": f"{ESC}]8;;http://127.0.0.1/PWNED{ST}",
    "colour": f"{ESC}[31;7m",
    "colour in C1": "\x9b32;7m",
    "cursor": f"{ESC}[3;3H",
    "erase": f"{ESC}[2J",
    "main screen": f"{ESC}[?1049l",
    "no mouse": f"{ESC}[?1003l",
    "reset": f"{ESC}c",
    "character set": f"{ESC}(0",
    "device query": f"{ESC}[6n",
    "device control": f"{ESC}P+q544e{ST}",
    "picture": f"{ESC}_Ga=T,f=100;AAAA{ST}",
    "tmux": f"{ESC}Ptmux;{ESC}{ESC}]52;c;cHduZWQtdG11eA=={BEL}{ST}",
    "line feeds": "\r\n\n\x0b\x0c\x85\u2028\u2029",
    "backspaces": "\b\b\b\x7f",
    "bell": BEL,
    "null": "\x00\x01\x0e\x0f",
    "reversed": "\u202egnp.exe\u202c",
    "isolated": "\u2067abc\u2069\u200f\u200e\u061c",
    "invisible": "\ufeff\u200b\u2060\u00ad",
    "a lone surrogate": "\ud800",
}
"""What would act on a terminal, by what it would do."""

MARKUP = [
    "[/]",
    "[/foo] [b",
    "[@click=app.quit]x[/]",
    "[link='http://127.0.0.1']x[/link]",
    "[red]red[/red] [bold]bold[/]",
    "on [0,1) intervals",
    "O[n^2] and a[i] b[0]",
    "[$accent]x[/$accent] [=",
    "[[nested]] [not closed='",
    r"\[escaped] ends with \ ",
    "# **bold** `code` <b>html</b> &amp; | table |",
    "%s {0} {name} $HOME `id` %(x)d",
]
"""What a renderer might take for its own language."""

WIDE = [
    "深度学习在文献中的应用" * 6,
    "ｆｕｌｌ ｗｉｄｔｈ ﾊﾝｶｸ",
    "한국어 제목",
    "עברית ערבית مقالة بالعربية",
    "👩\u200d🔬👨\u200d👩\u200d👧\u200d👦 family 👍🏽 🇩🇪🇫🇷 ❤\ufe0f 1\ufe0f\u20e3",
    "Z" + "\u0301\u0302\u0303" * 30 + "algo",
    "a\u200db\u200d" * 20,
    "\u0301starts with a mark",
    "می\u200cخواهم क्\u200dष",
    "⟨∑ᵢ xᵢ⟩ ≤ √n ∀ε>0 ﷽",
    "x" * 1000,
]
"""What takes more, or fewer, cells than it has characters."""
