"""Work on projects: problems, responsibility, nudges, bulletins and yearly lists."""
