"""Rules V2 to V13: from the rows of a batch to one value per channel and slot, and to the current version of each."""
