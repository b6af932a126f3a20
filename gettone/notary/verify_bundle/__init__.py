"""The stand-alone verifier `verify.py`, generated from this code by `scripts/build_verifier.py`."""

from pathlib import Path

_PROGRAM = Path(__file__).with_name("verify.py")


def verifier_source() -> bytes:
    """The program that is put into every take-out."""
    return _PROGRAM.read_bytes()
