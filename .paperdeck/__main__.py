"""`python -m paperdeck` is `paperdeck`."""

import sys

from paperdeck.tui.__main__ import main

if __name__ == "__main__":
    sys.exit(main())
