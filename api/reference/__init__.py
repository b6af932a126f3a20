"""Reference rows that figures rest on, and the prices of electricity."""
