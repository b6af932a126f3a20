"""Messages of admins to the members of a community."""
