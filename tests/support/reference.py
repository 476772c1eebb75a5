"""Write everything that is generated from the code: `python -m tests.support.reference`.

That is the reference pages of the docs, the man page and the completions, which the wheel installs, and the keys in the
README. `tests/test_docs.py` fails if any of them is out of date.
"""

from __future__ import annotations

import argparse
import re
import tomllib
from collections.abc import Iterator, Mapping
from pathlib import Path

from textual.keys import format_key

from paperdeck.storage.search import dates
from paperdeck.storage.search.query import FIELDS
from paperdeck.storage.search.rank import SORT_KEYS
from paperdeck.storage.search.tree import SOURCES, STATES, THINGS
from paperdeck.storage.settings.commands import INPUTS, MODES, PLACEHOLDERS
from paperdeck.storage.settings.settings import Settings, as_toml, setting_values
from paperdeck.storage.settings.template import setting_descriptions
from paperdeck.tui.cli.about import completion_of
from paperdeck.tui.cli.parser import COMMANDS, build_parser
from paperdeck.tui.keys import ACTIONS, GROUPS, OWN, Action, keys_of

from .environment import ENVIRONMENT

ROOT = Path(__file__).resolve().parents[2]
DOCS = ROOT / ".docs"
PAGES = DOCS / "pages" / "reference"
COMPLETIONS: Mapping[str, Path] = {
    "bash": DOCS / "completions" / "paperdeck",
    "zsh": DOCS / "completions" / "_paperdeck",
    "fish": DOCS / "completions" / "paperdeck.fish",
    "powershell": DOCS / "completions" / "paperdeck.ps1",
}
"""The completions by shell, under the names that the shells look for."""
_FIRST_KEYS = ("page", "next-unread", "star", "tags", "hide", "undo", "filter", "full-text", "copy-menu", "help")
"""The actions of the README's table."""
_NAMES = {"⏎": "enter", "⌫": "backspace", "esc": "escape", "del": "delete", "pgdn": "page down", "pgup": "page up"}


def reference() -> dict[Path, str]:
    """The text of each file that is generated from the code, and of the README, in which one table is."""
    return {
        PAGES / "keys.md": keys_page(),
        PAGES / "queries.md": queries_page(),
        PAGES / "settings.md": settings_page(),
        PAGES / "commands.md": commands_page(),
        DOCS / "man" / "paperdeck.1": man_page(),
        ROOT / "README.md": readme(),
    }


def table(*rows: tuple[str, ...]) -> str:
    """Rows as a Markdown table, the first of them its head."""
    lines = ["| " + " | ".join(cell.replace("|", "\\|") for cell in row) + " |" for row in rows]
    return "\n".join([lines[0], "|" + " --- |" * len(rows[0]), *lines[1:]])


def code(text: str) -> str:
    """A text as inline code in Markdown."""
    fence = "``" if "`" in text else "`"
    return f"{fence}{text}{fence}"


def readme() -> str:
    """The README with its keys up to date."""
    before, mark, rest = (ROOT / "README.md").read_text(encoding="utf-8").partition("<!-- keys -->\n")
    _, end, after = rest.partition("<!-- /keys -->")
    return f"{before}{mark}{readme_keys()}\n{end}{after}"


# -- keys ----------------------------------------------------------------------------------------------------------


def key_sign(key: str) -> str:
    """A key as people call it: `/` for Textual's `slash`."""
    shown = format_key(key)
    return _NAMES.get(shown, shown)


def key_signs(action: Action) -> str:
    """The keys of an action as inline code."""
    return " ".join(code(key_sign(key)) for key in keys_of(action, {}))


def readme_keys() -> str:
    """The README's table of the ten keys to begin with."""
    rows = [(key_signs(action), action.help) for name in _FIRST_KEYS for action in ACTIONS if action.id == name]
    return table(("key", "what it does"), *rows)


def keys_page() -> str:
    """Every action with its keys and its id."""
    sections = []
    for group in (group for group in GROUPS if group != OWN):
        rows = [
            (key_signs(action) or "–", action.help, action.place_names, code(action.id))
            for action in ACTIONS
            if action.group == group
        ]
        sections.append(f"## {group}\n\n{table(('key', 'what it does', 'where', 'id'), *rows)}")
    return "\n\n".join([_KEYS_HEAD, *sections]) + "\n"


_KEYS_HEAD = """\
# Keys

`?` shows the keys that work where you are; `ctrl+p` finds an action by its name and runs it. `paperdeck keys` prints
them all. Every key can be changed by the id of its action, in [the settings](settings.md):

```toml
[keys]
star = "asterisk"
next = "j,down,ctrl+j"
```

Keys have the names that Textual gives them: a letter stands for itself, others are `space`, `enter`, `escape`, `slash`,
`comma`, `asterisk`, `ctrl+e`, `f5`. Separate several keys with commas. `""` takes an action's keys away; `ctrl+p`
still finds it. A key that doesn't exist, or that would mean two things in one place, is reported when paperdeck
starts."""


# -- queries -------------------------------------------------------------------------------------------------------

_SIGNS = (
    ("query", "finds"),
    ("`diffusion language`", "papers with both words"),
    ('`"world model"`', "the phrase"),
    ("`-survey`, `NOT survey`", "papers without the word"),
    ("`mamba OR rwkv`", "either word; `AND` binds tighter than `OR`"),
    ("`(mamba OR rwkv) has:code`", "brackets for grouping"),
    ("`author:(bengio OR lecun)`", "a field for a whole group"),
    ("`org:=mila`", "`:=` matches the whole value, not a part of it"),
    ("`2401.12345`", "the paper with this id; a link to it does the same"),
)


def queries_page() -> str:
    """The grammar of queries: signs, fields, values."""
    fields = [(code(f"{name}:"), field.about, code(f"{name}:{field.example}")) for name, field in FIELDS.items()]
    values = (
        ("field", "values"),
        (code("is:"), _codes(STATES)),
        (code("has:"), _codes(THINGS)),
        (code("source:"), _codes(SOURCES)),
        (code("sort:"), f"{_codes(SORT_KEYS)}; a minus sign in front reverses the order"),
    )
    parts = (
        "# Query language",
        "All words must match. They are looked for in title, abstract, authors, keywords, organization, tags and\n"
        "notes; case, accents and hyphens don't matter. [Queries and views](../queries.md) is the introduction.",
        table(*_SIGNS),
        "## Fields",
        table(("field", "what it is", "example"), *fields),
        "## Values",
        table(*values),
        "## Numbers and days",
        "Numbers are compared with `>`, `>=`, `<`, `<=` or `=`, or given as a range such as `5..10`, open on either\n"
        "side. The colon may be left out: `upvotes>20`. In a shell, quote such a query. `date:` takes the same signs:\n"
        "`date>=2026-11-20`.",
        "A day is written `2026-11-20`, a month `2026-11`, a year `2026`, and a range with two dots:\n"
        f"`2026-11-01..2026-11-07`. Some days and spans have names:\n{_codes(dates.NAMES)}.",
        "`since:` takes `7d`, `2w`, `3m`, `1y` or a day, which it includes; `after:` and `before:` exclude the day\n"
        "that they name. Each of these three takes one day; for a range, use `date:`. A paper dated only by month or\n"
        "year is found if that whole month or year lies in the range.",
    )
    return "\n\n".join(parts) + "\n"


def _codes(texts: tuple[str, ...]) -> str:
    return " ".join(map(code, texts))


# -- settings ------------------------------------------------------------------------------------------------------


def settings_page() -> str:
    """Every setting with its default, the rules that a person may write, and the environment."""
    notes = setting_descriptions()
    sections: dict[str, list[tuple[str, ...]]] = {}
    for name, _, default in setting_values(Settings()):
        sections.setdefault(name.partition(".")[0], []).append((code(name), code(as_toml(default)), notes[name]))
    parts = [_SETTINGS_HEAD]
    for section, rows in sections.items():
        parts += [f"## [{section}]", table(("setting", "default", "what it means"), *rows)]
    variables = [(code(name), meaning) for name, meaning in ENVIRONMENT.items()]
    fields = [(code(f"{{{name}}}"), does) for name, does in PLACEHOLDERS.items()]
    parts += [
        _SETTINGS_COMMANDS,
        table(("placeholder", "what takes its place"), *fields),
        table(("input", "what the program gets"), *((code(name), does) for name, does in INPUTS.items())),
        table(("mode", "how the program runs"), *((code(name), does) for name, does in MODES.items())),
    ]
    parts += [_SETTINGS_RULES, "## Environment", table(("variable", "what it does"), *variables)]
    return "\n\n".join(parts) + "\n"


_SETTINGS_HEAD = """\
# Settings

You don't have to set anything. Settings are in `config.toml`, in the folder that `paperdeck paths` calls *config*; you
write the file, and paperdeck only reads it, when it starts. `paperdeck config edit` opens it in your editor, with every
setting explained in comments; `paperdeck config` prints every setting with its value. A value that can't be used is
reported, and the default is used instead.

```toml
[look]
theme = "paperdeck-light"

[fetch]
categories = ["cs.CL", "stat.ML"]
```"""

_SETTINGS_COMMANDS = """\
## [keys]

Keys by the id of their action, such as `star = "asterisk"`: see [Keys](keys.md).

## [[commands]]

Commands of your own, on the paper or the selection: [Your own tools](../tools.md) has examples.

```toml
[[commands]]
title = "Ask a model"
key = "ctrl+o"
program = ["llm", "-s", "Explain this paper to an engineer"]
input = "text"
mode = "wait"
seconds = 120
```

`program` is a list of arguments that no shell reads; everything else may be left out. `seconds` is how long a
program that is waited for may take; the default is 60."""

_SETTINGS_RULES = """\
## Rules

Views, mutes and follows that you make in the app are kept with your stars. You may also write them here:

```toml
[[view]]
name = "Agents"
query = "agent -survey since:30d"

[mute]
queries = ["keyword:=\\"image generation\\""]

[follow]
authors = ["Yoshua Bengio"]
organizations = ["Mila"]
keywords = ["interpretability"]
```"""


# -- commands ------------------------------------------------------------------------------------------------------


def commands_page() -> str:
    """Every command with its arguments and options and an example."""
    parts = [_COMMANDS_HEAD, table(("option", "what it does"), *_option_rows(build_parser()))]
    for name, command in parsers().items():
        rows = _option_rows(command)
        options = [table(("option", "what it does"), *rows)] if rows else []
        examples = "\n".join(_examples(command))
        parts += [f"## {name}", _description(command), *options, f"```sh\n{examples}\n```"]
    return "\n\n".join(parts) + "\n"


def parsers() -> dict[str, argparse.ArgumentParser]:
    """The parser of each command."""
    choices = next(action.choices for action in build_parser()._actions if isinstance(action.choices, dict))
    return {name: choices[name] for name in COMMANDS}


def _description(command: argparse.ArgumentParser) -> str:
    """What a command does, and its notes."""
    notes = (command.epilog or "").partition("Examples:")[0].strip()
    return " ".join(filter(None, (command.description, notes)))


def _examples(command: argparse.ArgumentParser) -> list[str]:
    return [line.strip() for line in (command.epilog or "").partition("Examples:\n")[2].splitlines() if line.strip()]


def _option_rows(parser: argparse.ArgumentParser) -> list[tuple[str, str]]:
    return [
        (code(_signature(action)), _help(action))
        for action in parser._actions
        if action.help != argparse.SUPPRESS and not isinstance(action.choices, dict) and action.dest != "help"
    ]


def _help(action: argparse.Action) -> str:
    return (action.help or "").replace("%%", "%")


def _signature(action: argparse.Action) -> str:
    """An argument or option with what it takes: `-o, --output FILE`."""
    value = action.metavar or (
        "{" + ",".join(map(str, action.choices)) + "}" if action.choices else action.dest.upper()
    )
    words = " ".join(value) if isinstance(value, tuple) else value
    if not action.option_strings:
        return {"*": f"[{words} …]", "+": f"{words} …", "?": f"[{words}]"}.get(str(action.nargs), words)
    names = ", ".join(action.option_strings)
    return names if action.nargs == 0 else f"{names} {words}"


_COMMANDS_HEAD = """\
# Commands

`paperdeck` opens the reader; with a command it does one thing and ends. Data goes to standard output, messages to
standard error; `--json` prints JSON. The exit code is 0, or 1 if something failed, or 2 for wrong usage. In a pipe
there are no progress bars and no colours. `paperdeck COMMAND --help` prints the same text, and so does `man paperdeck`
where the man page was installed: by a system's package manager, by pipx, or into a virtual environment that is active.

Shells complete commands and options if your system's package manager installed paperdeck. Otherwise put
`eval "$(paperdeck completion bash)"` into `~/.bashrc`, or the equivalent for your shell, which must find
`paperdeck` on its `PATH`.

These options come before the command:"""


# -- the man page --------------------------------------------------------------------------------------------------


def man_page() -> str:
    """All commands in the markup of man(7)."""
    project = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]
    parser = build_parser()
    lines = [
        f'.TH PAPERDECK 1 "" "paperdeck {project["version"]}" "User Commands"',
        ".SH NAME",
        "paperdeck \\- read research papers in the terminal",
        ".SH SYNOPSIS",
        ".B paperdeck\n[\\fIOPTION\\fR ...] [\\fICOMMAND\\fR ...]",
        ".SH DESCRIPTION",
        _man(f"{parser.description} Press ? in the reader for its keys."),
        ".SH OPTIONS",
        *_man_options(parser),
        ".SH COMMANDS",
    ]
    for name, command in parsers().items():
        lines += [f".SS {name}", _man(_description(command)), *_man_options(command)]
        lines += [".PP", ".nf", *(_man(f"    {line}") for line in _examples(command)), ".fi"]
    lines += [".SH ENVIRONMENT"]
    for name, meaning in ENVIRONMENT.items():
        lines += [".TP", f".B {_man(name)}", _man(meaning.replace("`", ""))]
    lines += [".SH EXIT STATUS", _man(_EXIT_STATUS), ".SH FILES", _man(_FILES)]
    lines += [".SH REPORTING BUGS", _man(f"{project['urls']['Issues']}, with what {_REPORTED} print.")]
    return "\n".join([*lines, ".SH SEE ALSO", _man(project["urls"]["Documentation"])]) + "\n"


_EXIT_STATUS = "0; 1 if something failed; 2 for wrong usage; 130 after ctrl+c."
_FILES = (
    "“paperdeck paths” prints the folders of the settings (config), of your stars, tags and notes (data), of fetched "
    "papers (cache), and of the undo history (state). “paperdeck config edit” opens the settings."
)
_REPORTED = "“paperdeck --version” and “paperdeck doctor”"


def _man_options(parser: argparse.ArgumentParser) -> Iterator[str]:
    for signature, meaning in _option_rows(parser):
        yield from (".TP", f".B {_man(signature[1:-1])}", _man(meaning))


def _man(text: str) -> str:
    """A text for troff, which gives meaning to backslashes, hyphens, and dots and quotes at the start of a line."""
    escaped = text.replace("\\", "\\e").replace("-", "\\-").replace("…", "...").replace("–", "\\(en")
    escaped = re.sub("[“”]", '"', escaped)
    return f"\\&{escaped}" if escaped.startswith((".", "'")) else escaped


def main() -> None:
    """Write all of it."""
    for path, text in reference().items():
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, encoding="utf-8", newline="\n")
    for shell, path in COMPLETIONS.items():
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(completion_of(shell), encoding="utf-8", newline="\n")


if __name__ == "__main__":
    main()
