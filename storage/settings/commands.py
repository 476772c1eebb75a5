"""The reader's own commands, `[[commands]]` in the settings: programs that get the paper or the selection.

    [[commands]]
    key = "ctrl+o"
    title = "Open in zathura"
    program = ["zathura", "{pdf}"]
    mode = "background"

A program is a list of arguments, never a shell command line. A paper's text may fill one, or part of one, but not where
a program expects a script or passes its arguments to a shell, as in `sh -c`, `ssh` and `tmux`: strangers write titles.
Only a program itself knows whether an argument is code, so the programs known here are the usual ones, not all, and the
documentation says so. What holds for all: the text stays within its argument, and isn't the program or an option.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from itertools import takewhile
from typing import Any, NamedTuple

from paperdeck.storage.errors import InvalidInput
from paperdeck.storage.text.clean import clean_line
from paperdeck.storage.text.words import did_you_mean, list_in_words, word_set

PLACEHOLDERS: Mapping[str, str] = {
    "id": "the id, such as `2401.12345`",
    "title": "the title",
    "authors": "the authors, with commas between them",
    "year": "the year",
    "url": "the link to the paper's page",
    "pdf_url": "the link to the PDF",
    "pdf": "the path of the PDF, which is downloaded first if need be",
    "bibtex": "a BibTeX entry",
    "key": "the citation key",
}
"""Placeholders for the arguments of a program, with their meaning."""
INPUTS: Mapping[str, str] = {
    "none": "nothing",
    "json": "a JSON array, as `paperdeck list --json` prints it",
    "bibtex": "BibTeX",
    "text": "title, authors, link and abstract as plain text",
    "path": "the paths of the PDFs, one per line",
}
"""The choices for a program's standard input."""
MODES: Mapping[str, str] = {
    "wait": "runs alongside the reader; what it prints is shown when it ends",
    "background": "is started and not waited for, like a window of its own",
    "suspend": "has the terminal until it ends, like an editor or a pager",
}
"""Where a program can run."""
SECONDS = 60.0
"""Time limit for a program whose output we wait for."""

_MAX_SECONDS = 86_400
_PLAIN = frozenset({"id", "year"})
"""Placeholders whose values are safe inside a script."""
_FIELD = re.compile(r"\{([a-z_]+)\}")
_KEY = re.compile(r"(?:(?:ctrl|shift|alt|meta|super|hyper)\+)*[^\s+,]+|\+|,")
_JOINING = word_set(
    "ssh mosh tmux screen zellij su sg runuser watch cmd powershell pwsh eval xargs parallel wsl hyperfine entr mshta "
    "cscript wscript forfiles ed dc sqlite3 duckdb make gmake i3-msg swaymsg hyprctl "
    "tex latex pdftex pdflatex xetex xelatex luatex lualatex luahbtex"
)
"""Programs that pass their words to a shell, or run some of them as commands wherever they are."""
_SCRIPT_FIRST = ("awk", "gawk", "mawk", "nawk", "sed")
_SCRIPTED = word_set(
    "sh bash zsh dash ksh mksh oksh pdksh yash rbash rksh rzsh posh osh ysh fish csh tcsh ash nu xonsh elvish "
    "expect tclsh wish python pypy ipython perl raku ruby node nodejs bun deno php lua luajit osascript r rscript "
    "julia elixir erl guile sbcl scheme racket jshell groovy scala ghci swipl gnuplot"
)
"""Programs whose first word that isn't an option is a script; without it they run an option's word or their input."""
_INTERPRETERS = _SCRIPTED | word_set(
    "env script flock xterm gnome-terminal xfce4-terminal mate-terminal lxterminal terminator urxvt rxvt st konsole "
    "tilix terminology ptyxis alacritty kitty foot ghostty awk gawk mawk nawk sed psql mysql mariadb gdb lldb git "
    "vi vim nvim gvim view ex vimdiff neovide kak emacs emacsclient"
)
"""Programs that take a script as an argument; so do all whose name ends in `sh`."""
_WRAPPERS = word_set(
    "sudo doas env nice ionice timeout nohup setsid time stdbuf systemd-run firejail busybox toybox uv poetry "
    "caffeinate"
)
"""Programs that run the program named after them."""
_LETTERS = "ceES"
"""The short options of nearly all of them that take a script, alone or anywhere within `-abc`."""
_MORE_LETTERS = {
    "node": "p",
    "nodejs": "p",
    "bun": "p",
    "ptyxis": "x",
    "swipl": "gt",
    "php": "rRB",
    "gdb": "x",
    "lldb": "o",
    "xfce4-terminal": "x",
    "jshell": "-",
}
"""Additional short options of some of them that take a script."""
_LONG_OPTION = re.compile(
    r"--?(?:eval|exec|execute|command|cmd|print|run|source|expression|split-string)(?:=|$)|[+:]", re.ASCII
)
"""The options and commands that take a script in any program."""


class OwnCommand(NamedTuple):
    """One of the reader's commands."""

    title: str
    """Its name in the help and the palette."""
    program: tuple[str, ...]
    """The program and its arguments, with placeholders such as `{pdf}`."""
    key: str = ""
    """Its key by Textual's name; empty: only the palette has it."""
    input: str = "none"
    """Its standard input: one of `INPUTS`."""
    mode: str = "wait"
    """Where it runs: one of `MODES`."""
    seconds: float = SECONDS
    """With `mode = "wait"`: how long it may take."""

    @property
    def needs_pdf(self) -> bool:
        """Whether it needs the PDF on this machine."""
        return self.input == "path" or "pdf" in fields_in(self.program)


def fields_in(words: Iterable[str]) -> set[str]:
    return {name for word in words for name in _FIELD.findall(word) if name in PLACEHOLDERS}


def filled(words: Sequence[str], papers: Sequence[Mapping[str, str]]) -> list[str]:
    """A command line with its placeholders filled in.

    A word with placeholders is repeated for each paper. A value that would turn the word into an option, an arguments
    file or a command (`-x`, `@x`, `+x`, `:x`) gets a space before it.

    Args:
        words: The program and its arguments.
        papers: The values of the placeholders, by paper.
    """
    result: list[str] = []
    for word in words:
        result += [_filled(word, paper) for paper in papers] if fields_in([word]) else [word]
    return result


def _filled(word: str, paper: Mapping[str, str]) -> str:
    return _guarded(word, _FIELD.sub(lambda found: paper.get(found[1], found[0]), word))


def _guarded(word: str, text: str) -> str:
    text = text.replace("\0", "")
    return f" {text}" if word[:1] == "{" and text[:1] in ("-", "+", "@", ":") else text


def with_target(words: Sequence[str], values: Mapping[str, str]) -> list[str]:
    """The command line of a program that opens something: values replace placeholders, or the first is appended.

    Args:
        words: The program and its arguments.
        values: The values by placeholder; the first one is appended to words without placeholders.
    """
    if fields_in(words):
        return filled(words, [values])
    return [*words, next(iter(values.values()))]


def check_program(words: Sequence[str], takes_input: bool = False) -> None:
    """Refuse a program if papers' text would be part of a script.

    Args:
        words: The program and its arguments.
        takes_input: Whether papers' text is its standard input.

    Raises:
        InvalidInput: a placeholder is in such a place, or in the name of the program, or the input is the script.
    """
    if not words or not words[0].strip():
        raise InvalidInput("a command needs a program.")
    if fields_in(words[:1]):
        raise InvalidInput(f"“{words[0]}” can't be the program; placeholders belong in the arguments after it.")
    for place, word in enumerate(words):
        name, rest = _program_name(word), words[place + 1 :]
        runs_script = _is_of(_SCRIPTED, name) and (place == 0 or _program_name(words[0]) in _WRAPPERS)
        before = list(takewhile(lambda word: not _is_script(word), rest)) if runs_script else []
        if takes_input and runs_script and len(before) == len(rest):
            raise InvalidInput(f"{name} would run its input as a script; name a script of your own after it.")
        free = sorted(fields_in([*before, *_scripts(name, rest)]) - _PLAIN)
        if free:
            raise InvalidInput(f"“{{{free[0]}}}” can't be part of a script for {name}; take it from standard input.")


def check_placeholders(words: Sequence[str], known: Sequence[str]) -> None:
    """Refuse placeholders that are only filled in elsewhere, and likely typos.

    Raises:
        InvalidInput: there is one.
    """
    for name in _FIELD.findall(" ".join(words)):
        if name not in known and (name in PLACEHOLDERS or did_you_mean(name, known)):
            raise InvalidInput(
                f"“{{{name}}}” is not filled in here, only {list_in_words(f'{{{one}}}' for one in known)}."
            )


def _program_name(word: str) -> str:
    return re.split(r"[/\\]", word.lower())[-1].removesuffix(".exe")


def _is_of(programs: frozenset[str], name: str) -> bool:
    """Whether a program is one of some, whatever its version: `python3.12`."""
    return not programs.isdisjoint((name, re.sub(r"[\d.]+$", "", name)))


def _is_script(word: str) -> bool:
    """Whether a word can be the script of the reader, rather than an option or a paper's text."""
    return not word.startswith("-") and fields_in([word]) <= _PLAIN


def _scripts(name: str, words: Sequence[str]) -> Iterator[str]:
    """The words that a program interprets as a script, or passes to a shell."""
    if name in _JOINING or name.endswith((".bat", ".cmd")):
        yield from words
        return
    takes_script = _option_of(name)
    for option, word in zip(words, [*words, ""][1:], strict=True):
        if takes_script(option):
            yield from (option, word)
    if name in _SCRIPT_FIRST:  # the first word that isn't an option
        yield next((word for word in words if not word.startswith("-")), "")


def _option_of(name: str) -> Callable[[str], object]:
    """A test for options that take a script."""
    plain = re.sub(r"[\d.]+$", "", name)
    if not _is_of(_INTERPRETERS, name) and not plain.endswith("sh"):
        return _LONG_OPTION.match
    letters = re.escape(_LETTERS + _MORE_LETTERS.get(plain, ""))
    return re.compile(rf"-[A-Za-z0-9]*[{letters}]|{_LONG_OPTION.pattern}").match


# -- reading -------------------------------------------------------------------------------------------------------


def own_commands(tables: Any, complaints: list[str]) -> tuple[OwnCommand, ...]:
    """The commands in the settings; `complaints` gets a sentence for each invalid one.

    Args:
        tables: The value of `[[commands]]`, of any shape.
        complaints: Gets the sentences.
    """
    if not isinstance(tables, list) or not all(isinstance(table, Mapping) for table in tables):
        complaints.append("“commands” is a list of tables, each with [[commands]] above it.")
        return ()
    found = []
    for number, table in enumerate(tables, 1):
        try:
            found.append(_own_command(table, number, complaints))
        except InvalidInput as error:
            complaints.append(f"command {_called(table, number)}: {error}")
    return tuple(found)


def _called(table: Mapping[str, Any], number: int) -> str:
    title = table.get("title")
    return f"“{clean_line(title)[:60]}”" if isinstance(title, str) and title.strip() else str(number)


def _own_command(table: Mapping[str, Any], number: int, complaints: list[str]) -> OwnCommand:
    """One command.

    Raises:
        InvalidInput: it can't be used.
    """
    called = _called(table, number)
    complaints += [f"command {called}: {sentence}" for sentence in _unknown(table, OwnCommand._fields, "setting")]
    program = table.get("program")
    if not isinstance(program, list) or not program or not all(isinstance(word, str) for word in program):
        raise InvalidInput('“program” must be a list of arguments, such as ["zathura", "{pdf}"]; no shell reads it.')
    check_program(program, table.get("input", "none") != "none")
    complaints += [
        f"command {called}: {sentence}"
        for sentence in _unknown(_FIELD.findall(" ".join(program)), PLACEHOLDERS, "placeholder", near_only=True)
    ]
    title = clean_line(str(table.get("title") or re.split(r"[/\\]", program[0])[-1]))
    return OwnCommand(
        title[:60],
        tuple(program),
        _key(table.get("key", "")),
        _one_of(table.get("input", "none"), INPUTS, "input"),
        _one_of(table.get("mode", "wait"), MODES, "mode"),
        _seconds(table.get("seconds", SECONDS)),
    )


def _unknown(
    names: Sequence[str] | Mapping[str, Any],
    known: Sequence[str] | Mapping[str, Any],
    what: str,
    near_only: bool = False,
) -> Iterator[str]:
    """A sentence for each unknown name; with `near_only` only for likely typos."""
    for name in names:
        hint = "" if name in known else did_you_mean(name, known) or "." * (not near_only)
        if hint:
            yield f"unknown {what} “{clean_line(name)[:40]}”{hint}"


def _one_of(value: Any, known: Mapping[str, str], name: str) -> str:
    if not isinstance(value, str) or value not in known:
        raise InvalidInput(f"“{name}” can't be {value!r}; it is one of {', '.join(known)}.")
    return value


def _key(value: Any) -> str:
    if not isinstance(value, str) or (value and not _KEY.fullmatch(value)):
        raise InvalidInput(f"“key” can't be {value!r}; it is one key, such as “ctrl+o” or “Z”.")
    return value


def _seconds(value: Any) -> float:
    if isinstance(value, bool) or not isinstance(value, (int, float)) or not 0 < value <= _MAX_SECONDS:
        raise InvalidInput(f"“seconds” can't be {value!r}; it is a number above 0, at most {_MAX_SECONDS}.")
    return float(value)
