"""LECN-1: leaves, trees, digests, settlements, take-outs and their verification.

Standard library only, no clock, no database.  `docs/formats/lecn1.md` and `docs/formats/takeout.md` give the
bytes.  Integers are big-endian, `H` is SHA-256, energy is integer Wh, tokens are integer base units.
"""
