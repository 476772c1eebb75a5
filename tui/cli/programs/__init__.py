"""Commands that pass papers to other programs on this machine."""
