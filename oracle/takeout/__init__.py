"""Take-outs: a member's own readings, salts, proofs and chain evidence in one file."""
