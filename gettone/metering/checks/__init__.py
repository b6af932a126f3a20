"""Rules V14 to V19: what is looked at after a merge, over whole local days; findings and estimates, no refusals."""
