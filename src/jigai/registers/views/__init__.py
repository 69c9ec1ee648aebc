"""Pages of the registers room."""
