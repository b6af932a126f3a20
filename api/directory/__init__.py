"""Who receives tokens under which name: the members who consented to be found."""
