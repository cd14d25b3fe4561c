"""Who is asking: from what a client presents (a password, a token, a session cookie) to a Principal.

Owned here: browser sessions, the brake on guessed passwords, the short memory of verified passwords, and how
credentials travel in HTTP. The directory knows people and their secrets; doors only call `http.identify`.

Always true: an attempt is counted before its password is looked at, so parallel guesses gain nothing; the
brake belongs to one origin and one login, so nobody can lock somebody else out from elsewhere, and a device
that has signed in before has a brake of its own; tokens are never slowed down, for they cannot be guessed;
no password and no token is kept, in memory either (only a keyed digest); every request asks the directory
whether the person is still active.

On failure: an odd header is a refusal, never an error; without the database nobody is signed in.
"""
