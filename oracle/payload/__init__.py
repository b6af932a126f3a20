"""Bytes of a batch on their way to a format: unpacked within limits, decoded, and read by column."""
