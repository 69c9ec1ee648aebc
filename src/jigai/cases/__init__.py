"""Who does what by when: procedures as data, cases that follow them, clocks in working days."""
