"""Oracle jobs: from validated readings to settled periods and take-outs."""
