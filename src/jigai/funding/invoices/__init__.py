"""Invoice lines counted once over the whole platform."""
