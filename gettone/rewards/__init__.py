"""Reward models of an energy community: from integer Wh to integer token units.

Pure: standard library, `gettone.types` and `gettone.errors` only; no input or output, no clock, no floats.
The same inputs and parameters give the same bytes on every machine (rewards specification).

`engine.compute` is the table of contents of one settlement period, `own.recompute_own` the same calculation
as one member can do it alone.
"""

VECTORS_SHA256 = "bfbfeff4481f69739d04ff08666e5461e60a30c5f7fd015bdf28d850926288cc"
"""Fingerprint of the reward vectors these rules were proven with (it is notarized with every model).

SHA-256, in hex, over one line `<SHA-256 of the file, hex>  <relative path>\\n` for every file below
`tests/vectors/rewards`, in bytewise order of the paths relative to that folder.
"""
