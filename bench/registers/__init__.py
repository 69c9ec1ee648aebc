"""A register of 200,000 entries beside one of 2,000: its pages, its exports."""
