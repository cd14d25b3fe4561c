"""Who exists: agencies, their mail domains, people, accounts, addresses and access tokens.

Owned here: the tree of agencies and who administers it (`authority`), the entries, posts and groups of people,
which addresses are ours and whose mail they are (`resolve_recipient`), who a password or token belongs to
(`authenticate_password`, `authenticate_token`), which accounts a person may use and for what (`policy`).

Always true:
- an address is stored in its normal form (NFC, local part case-folded, domain as A-label) and is unique;
- an account is where mail lives (rfc8620#1.6.2); it outlives the people who use it;
- absent and forbidden look the same to whoever asks: `AccountNotFound`;
- nobody raises the limits of an agency they do not stand above, and no duty opens a mailbox;
- whoever shows entries elsewhere is told of every change in its own transaction (`hooks`);
- passwords are Argon2id hashes and tokens are SHA-256 digests of 256 random bits: neither can be read back.

On failure of the database nothing is guessed: the error reaches the door, which says "later".
"""
