"""Files as every kind of source sends them, written block by block so that memory does not grow with the homes."""
