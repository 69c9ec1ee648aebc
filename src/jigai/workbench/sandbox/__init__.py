"""The policy sandbox: a rule is tried on real data before it is issued. Nothing here is payable."""
