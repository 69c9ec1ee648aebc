"""Random inspection: plans, populations, draws, and what comes of each pick."""
