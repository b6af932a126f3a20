"""Reading all events of a contract set fast: raw JSON-RPC, and a decoder derived from the committed ABI."""
