"""应享名单: for each measure of a document the rows that fit now, lack one datum, or just miss."""
