"""RemovedEmail, Pirab's own: destroyed mail that its owner can have back (ADR 0013)."""
