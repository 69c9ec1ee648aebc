"""The public site: what everybody may see without signing in."""
