"""Long runs that break what a settlement rests on, one part a file; `scripts/run_reliability.py` runs them."""

import sys
from pathlib import Path

# The parts share their machinery with the tests, which are no installed package.
sys.path.insert(0, str(Path(__file__).resolve().parents[2]))
