"""Benchmarks: our engines beside peers and code by hand, on work every contender shares."""
