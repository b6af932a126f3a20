"""A community on file: who is in it, what meters they hold, which flows speak for them."""
