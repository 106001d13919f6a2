"""Entry of the set-up commands: `python setup/lib COMMAND ...`."""

import sys
from pathlib import Path

sys.path[0] = str(Path(__file__).resolve().parent.parent)
sys.dont_write_bytecode = True

from lib.cli import main  # noqa: E402 - the path above makes the package importable

if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
