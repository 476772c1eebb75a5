"""Commands that hand papers to other programs on this machine."""
