"""Policy texts: reading them and finding their numbers. Knows no Django and no screen."""
