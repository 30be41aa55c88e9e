"""What a person can do, as data: the table of commands and what is made of it."""
