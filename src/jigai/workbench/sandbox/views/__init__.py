"""Pages of the policy sandbox."""
