"""Identity (rfc8621#6): who the owner of an account may write as."""
