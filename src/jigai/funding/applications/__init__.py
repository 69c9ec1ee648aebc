"""Applications of enterprises and consortia."""
