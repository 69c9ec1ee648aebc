"""Special behaviour of some registers beyond a plain list."""
