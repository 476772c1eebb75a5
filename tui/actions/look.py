"""The theme, the help and the palette."""

from __future__ import annotations

from typing import TYPE_CHECKING

from paperdeck.tui.model.choice import Choice

if TYPE_CHECKING:
    from .context import Context


async def theme(context: Context) -> None:
    """Let the reader choose a theme; the highlighted one is applied as a preview."""
    before = context.theme
    sign = context.symbols.selected
    choices = [Choice(name, name, sign if name == before else "") for name in context.themes()]

    def preview(name: str) -> str:
        context.theme = name
        return ""

    hint = "enter keeps it, esc goes back"
    name = await context.choose("Theme", choices, hint=hint, preview=preview, first=before, tried=True)
    context.theme = name or before
    if name:
        keep_theme(context, name)


def keep_theme(context: Context, name: str) -> None:
    """Use a theme now and at the next start.

    Raises:
        PaperdeckError: it could not be stored.
    """
    context.theme = name
    context.session.library.set_preference("theme", name)


def folders(context: Context) -> None:
    """Show the folders and their contents."""
    places = context.session.places
    rows = (
        ("Stars, tags, notes, views and rules: back them up with “paperdeck backup FILE”", places.data),
        ("Your settings", places.config_file),
        ("Papers and full texts: they can be fetched again", places.cache),
        ("What can be undone, drafts, and backups of your marks", places.state),
        ("PDFs", context.session.settings.files.downloads),
    )
    context.show_page("Where your things are", "\n\n".join(f"{what}\n{path}" for what, path in rows))


async def command_line(context: Context) -> None:
    """Show what can be done from the shell, as `paperdeck --help` says it.

    Raises:
        ActionFailed: paperdeck can't be started.
    """
    from paperdeck.storage.digest.delivery.subscription import own_call
    from paperdeck.storage.settings.commands import SECONDS

    words = [*own_call().program, "--help"]
    printed = await context.run_program("paperdeck --help", words, b"", mode="wait", seconds=SECONDS)
    context.show_page("In the shell", printed)


async def help(context: Context) -> None:  # noqa: A001 - the id of the action
    """Show all keys that work here; choosing one runs it."""
    await context.choose_action()


async def palette(context: Context) -> None:
    """Find an action, a view, a theme or a paper by its name."""
    await context.find_anything()
