"""Lists with a rule: schema, admission, validity, lifecycle and a public view, all as data."""
