"""The worker: jobs that are due run under leases, and every run is a row."""
