"""Commands that find papers."""
