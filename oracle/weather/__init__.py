"""Weather of stations from files, for the weather table."""
