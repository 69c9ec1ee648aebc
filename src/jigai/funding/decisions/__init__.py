"""Lists decided by meetings, and what to do where money does not reach."""
