"""EmailSubmission (rfc8621#7): a mail handed in for sending, and what became of it."""
