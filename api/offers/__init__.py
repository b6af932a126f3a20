"""What members offer and look for, with pictures."""
