"""Tax calculators for screens: questions, answers laid out, catalogues; the law is elsewhere."""
