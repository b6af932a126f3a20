"""One file per area; a repository is built on an open connection, checks states, and never commits."""
