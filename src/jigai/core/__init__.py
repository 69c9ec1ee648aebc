"""Reference data every room needs: regions, industries, calendar, enterprises."""
