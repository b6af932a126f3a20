"""Take-outs on request: of the own data, or of what an auditor was granted."""
