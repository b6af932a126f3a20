"""What the scripts that write `docs/contracts` share: Markdown tables, and writing or checking a set of pages."""
