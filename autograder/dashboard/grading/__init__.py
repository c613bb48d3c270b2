"""The instructors' pages: each is a function from rows to a record of words, which a template writes down."""
