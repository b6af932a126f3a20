"""Communities: their profiles, their states, and what they show to everybody."""
