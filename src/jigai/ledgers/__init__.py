"""Where it went: double-entry accounts for money and quantities."""
