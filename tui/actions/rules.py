"""Mute and follow what a paper is by or about."""

from __future__ import annotations

from typing import TYPE_CHECKING

from paperdeck.tui.model.choice import Choice

if TYPE_CHECKING:
    from .context import Context


async def mute(context: Context) -> None:
    """Let the reader choose what to mute, or to unmute."""
    await _choose_rule(context, "Mute, or unmute what is marked", mute=True)


async def follow(context: Context) -> None:
    """Let the reader choose what to follow, or to unfollow."""
    await _choose_rule(context, "Follow, or unfollow what is marked", mute=False)


async def _choose_rule(context: Context, title: str, *, mute: bool) -> None:
    entry = context.session.entry(context.current())
    if entry is None:
        return
    rules = context.session.rules
    about = sorted(rules.about(entry.paper, mute=mute), key=lambda rule: not rule[3])  # what is ruled already first
    choices = [Choice(value, text, context.symbols.selected if on else "", more) for value, text, more, on in about]
    if value := await context.choose(title, choices):
        context.say(rules.toggle(value, mute=mute))
