"""Groups of load curves that look alike (metering specification §6): for people to see, never for a settlement.

Curves are the only place beside the model of the sun where floating point is used; no result of it earns.
"""
