"""The project library at the size of a city."""
