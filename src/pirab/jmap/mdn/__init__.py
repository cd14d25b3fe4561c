"""MDN (rfc9007): telling an author what became of a letter, and reading what others tell."""
