"""The control wallet of a community: what it may give, what it gave, and the welcome bonuses."""
