"""Whether this server lives, is ready, and how it is: for machines that watch it and people who look."""
