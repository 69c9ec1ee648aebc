"""What every screen is made of: menu, formats, status colours, and the list kit."""
