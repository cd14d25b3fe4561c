"""Who exists: agencies, their mail domains, people, accounts and addresses.

Owned here: the tree of agencies and who administers it (`authority`), the entries, posts and groups of people,
which addresses are ours and whose mail they are (`resolve_recipient`), who a password belongs to
(`authenticate_password`), which accounts a person may use and for what (`policy`).

Always true:
- an address is stored in its normal form (NFC, local part case-folded, domain as A-label) and is unique;
- an account is where mail lives (rfc8620#1.6.2); it outlives the people who use it;
- absent and forbidden look the same to whoever asks: `AccountNotFound`;
- nobody raises the limits of an agency they do not stand above, and no duty opens a mailbox;
- whoever shows entries elsewhere is told of every change in its own transaction (`hooks`);
- passwords are Argon2id hashes: they cannot be read back;
- what a person may do is no more than what their credential lets through (`Scope`): sign-in narrows it.

On failure of the database nothing is guessed: the error reaches the door, which says "later".
"""
