"""Public notices and objections on screen."""
