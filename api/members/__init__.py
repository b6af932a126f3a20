"""Members of a community: who they are, in which state, and the fees they paid."""
