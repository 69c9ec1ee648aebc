"""Everything that writes to a book."""
