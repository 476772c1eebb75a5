"""The reader's pauses, and the garbage that is collected in them."""

from __future__ import annotations

import gc
from collections.abc import Iterator
from weakref import ref

import pytest

from paperdeck.tui.background import idle
from paperdeck.tui.background.idle import REST_SECONDS, THRESHOLDS, Idle, begin_collecting, tidy


class Dialog:
    """Something that refers to itself, as a dialog and its widgets do."""

    def __init__(self) -> None:
        self.widget = self


@pytest.fixture
def as_it_was() -> Iterator[None]:
    """The collector of the tests afterwards."""
    thresholds = gc.get_threshold()
    yield
    gc.set_threshold(*thresholds)
    gc.enable()
    gc.unfreeze()
    gc.collect()
    gc.freeze()


def test_a_rest_begins_once(monkeypatch: pytest.MonkeyPatch) -> None:
    now = 100.0
    monkeypatch.setattr(idle, "monotonic", lambda: now)
    reader = Idle()
    reader.pressed()
    assert not reader.begins_to_rest
    now += REST_SECONDS + 1
    assert [reader.begins_to_rest, reader.begins_to_rest, reader.resting] == [True, False, True]
    reader.pressed()
    assert not reader.begins_to_rest
    now += REST_SECONDS + 1
    assert reader.begins_to_rest


@pytest.mark.usefixtures("as_it_was")
def test_a_dialog_that_was_open_in_a_rest_is_forgotten_in_the_next() -> None:
    dialog = Dialog()
    closed = ref(dialog)
    tidy(thoroughly=True)
    del dialog
    tidy(thoroughly=False)
    assert closed() is not None
    tidy(thoroughly=True)
    assert closed() is None


@pytest.mark.usefixtures("as_it_was")
def test_garbage_is_collected_also_while_keys_are_pressed() -> None:
    gc.disable()  # as at the start of the program
    begin_collecting()
    closed = ref(Dialog())
    made = [Dialog() for _ in range(THRESHOLDS[0] * 2)]
    assert made
    assert closed() is None
