"""The settlement job: one period of one community, from frozen readings to tokens on chain."""
