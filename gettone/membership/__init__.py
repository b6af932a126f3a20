"""What a member is, and how one becomes, stays and ceases to be one (identity and API specification §1, §2 F4)."""
