"""Everything around the pure reward rules that reads files or uses arrays: the file formats and the fast engine."""
