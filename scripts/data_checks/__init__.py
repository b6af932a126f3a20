"""The open data files through the platform, against what is known about them (metering specification §10)."""
