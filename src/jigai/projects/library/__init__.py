"""The project library: admission, levels, ledgers, adjustments and the year's end."""
