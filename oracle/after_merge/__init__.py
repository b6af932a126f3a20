"""The rules that look at readings once they are merged: V14 to V19 of the metering specification §4."""
