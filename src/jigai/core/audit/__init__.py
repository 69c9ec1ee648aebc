"""Reading what the database triggers recorded: who changed what, when, why, from what to what."""
