"""How readings arrive: messages, triage folders, requests.  A transport only carries bytes; it judges no value."""
