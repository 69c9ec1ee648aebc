"""The desk of a bureau: reads workbooks, evaluates a pack, explains and writes results."""
