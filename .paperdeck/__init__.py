"""paperdeck: read research papers in the terminal. The reader is `paperdeck.tui`, what it keeps `paperdeck.storage`."""
