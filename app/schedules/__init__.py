"""What is done again and again: rows that fall due, and the one scheduler of all processes that starts their jobs."""
