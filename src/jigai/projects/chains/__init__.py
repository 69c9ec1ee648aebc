"""Lists around projects: their place in a chain, plans and special retrofits over one library."""
