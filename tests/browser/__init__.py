"""The platform in a real browser: its processes as in service, a database of its own."""
