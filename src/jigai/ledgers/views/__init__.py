"""Pages of the ledgers room."""
