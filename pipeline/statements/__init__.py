"""One utterance across outlets: clauses of quotes compared, linked, and gathered into statements."""
