"""One file a job: its steps, named in order."""
