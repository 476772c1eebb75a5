"""How many examples the property tests try: few in the usual run, many with `--hypothesis-profile=thorough`."""

from __future__ import annotations

from hypothesis import HealthCheck, settings

USUAL = settings.get_profile("default").max_examples
"""The number of examples that a test's own number is relative to."""
SLOW_MACHINE = (HealthCheck.too_slow, HealthCheck.function_scoped_fixture)
"""Checks that fail on a busy machine, or because of fixtures that every test here has."""

settings.register_profile("quick", deadline=None, max_examples=USUAL // 4, suppress_health_check=SLOW_MACHINE)
settings.register_profile("thorough", deadline=None, max_examples=USUAL * 5, suppress_health_check=SLOW_MACHINE)
settings.load_profile("quick")


def examples(number: int) -> int:
    """The number of examples for a test that wants more or fewer than others, as the profile says."""
    return max(1, number * (settings.default.max_examples if settings.default else USUAL) // USUAL)
