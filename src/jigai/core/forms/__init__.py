"""Forms of people, access and reference data."""
