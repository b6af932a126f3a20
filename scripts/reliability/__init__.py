"""Long runs that break what a settlement rests on, one part a file; `scripts/run_reliability.py` runs them."""
