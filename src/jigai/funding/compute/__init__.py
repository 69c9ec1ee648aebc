"""Amounts of applications: the policy's own rules over what was claimed or audited."""
