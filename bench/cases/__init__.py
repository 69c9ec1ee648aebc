"""A department with 100,000 open cases beside one with 1,000: its inbox, its cases, its clocks."""
