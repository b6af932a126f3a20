"""What leaves the platform in the layouts of other platforms."""
