"""Investment by place, industry, direction, size and month; counters; two departments' figures."""
