"""FilterRules, Pirab's own: the rules a person makes in a form, as one object of an account."""
