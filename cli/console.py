"""What every command shares: one JSON object on stdout, words and progress on stderr."""

import json
import sys
from typing import Any

from rich.console import Console

# A pipe has no width of its own, and a table cut to 80 columns would lose what a program reads from it.
PIPE_WIDTH = 200

out = Console(highlight=False, soft_wrap=True, width=None if sys.stdout.isatty() else PIPE_WIDTH)
err = Console(stderr=True, highlight=False, soft_wrap=True)


def print_json(document: Any) -> None:
    """Write one JSON object on stdout, keys sorted, for programs to read."""
    sys.stdout.write(json.dumps(document, sort_keys=True, ensure_ascii=False) + "\n")
