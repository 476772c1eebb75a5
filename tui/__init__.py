"""The terminal side of paperdeck: the Textual app and the command line."""
