"""k of n: another operator computes a proposal again from its own readings, and signs only what comes out equal."""
