"""The nine steps that lead from a take-out to its verdict, trusting only the verifier's own chain evidence."""
