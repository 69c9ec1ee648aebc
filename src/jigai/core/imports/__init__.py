"""Tables on their way in: read, preview, commit in one transaction, undo."""
