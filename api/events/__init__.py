"""What happens to a caller, told as it happens (server-sent events)."""
