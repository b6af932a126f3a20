"""The demonstration: one community on real data, from empty folder to verified take-out, on embedded defaults."""
