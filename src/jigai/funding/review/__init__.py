"""Review of applications: evidence, opinions, audited bases."""
