"""Mails to people: their words in two languages, and the way they are handed over."""
