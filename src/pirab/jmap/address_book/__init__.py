"""AddressBook (rfc9610#2): named collections of cards."""
