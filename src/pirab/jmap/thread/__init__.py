"""Thread (rfc8621#3): Emails that belong together, oldest first; made by the store, read-only here."""
