"""The reader's pauses, and the garbage that is collected in them."""

from __future__ import annotations

import subprocess
import sys
import textwrap

import pytest

from paperdeck.tui.background import running
from paperdeck.tui.background.running import REST_SECONDS, Idle

DIALOG = """
import gc
from weakref import ref
from paperdeck.tui.background.running import THRESHOLDS, begin_collecting, tidy

class Dialog:  # refers to itself, as a dialog and its widgets do
    def __init__(self):
        self.widget = self
"""


def run_alone(code: str) -> None:
    """Run a test in a process with few objects, as going through all those of the tests takes seconds."""
    subprocess.run([sys.executable, "-c", DIALOG + textwrap.dedent(code)], check=True)


def test_a_rest_begins_once(monkeypatch: pytest.MonkeyPatch) -> None:
    now = 100.0
    monkeypatch.setattr(running, "monotonic", lambda: now)
    reader = Idle()
    reader.pressed()
    assert not reader.begins_to_rest
    now += REST_SECONDS + 1
    assert [reader.begins_to_rest, reader.begins_to_rest, reader.resting] == [True, False, True]
    reader.pressed()
    assert not reader.begins_to_rest
    now += REST_SECONDS + 1
    assert reader.begins_to_rest


def test_a_dialog_that_was_open_in_a_rest_is_forgotten_in_the_next() -> None:
    run_alone("""
        dialog = Dialog()
        closed = ref(dialog)
        tidy(thoroughly=True)
        del dialog
        tidy(thoroughly=False)
        assert closed() is not None
        tidy(thoroughly=True)
        assert closed() is None
    """)


def test_garbage_is_collected_even_while_keys_are_pressed() -> None:
    run_alone("""
        gc.disable()  # as at the start of the program
        begin_collecting()
        closed = ref(Dialog())
        made = [Dialog() for _ in range(THRESHOLDS[0] * 2)]
        assert closed() is None
    """)
