"""What anybody may know of this deployment before a login."""
