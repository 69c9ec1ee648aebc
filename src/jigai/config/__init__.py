"""Settings, addresses and the server processes."""
