"""Local time by column: slots, days, holidays, bands, coarser steps."""
