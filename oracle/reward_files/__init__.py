"""The files of `gettone rewards compute` as the inputs of a calculation (rewards specification §7)."""
