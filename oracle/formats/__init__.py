"""One file per syntax: each reads a payload into rows for the rules, and judges nothing that the rules judge."""
