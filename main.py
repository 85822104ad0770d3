"""The server and its commands: `python main.py serve`, `python main.py --help`."""

import sys

from deliberation.cli import main

if __name__ == "__main__":
    sys.exit(main())
