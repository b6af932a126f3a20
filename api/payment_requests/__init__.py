"""Members ask each other for tokens; nothing moves but by the payer's own transfer."""
