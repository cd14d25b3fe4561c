"""Letters to groups: who may write to one, whom a letter reaches, and those that wait for a manager.

Owned here: the posting policy at work (`posting`), the spreading of a letter over the members of this service and its
copies to those outside (`distribution`), the waiting room of moderated groups (`moderation`), and the list fields
(rfc2919, rfc2369).

Always true: a letter reaches each account once, however often it is handed over and through however many inner groups;
who wrote it is believed only where the service itself or DMARC vouches for it; a letter that has been through a group
does not go through it again (List-Id); nothing a group refuses is lost in silence, for the refusal is given in the
session; a letter that waits is kept, and is over after two weeks, of which its writer is told.

On failure everything is undone with the caller's transaction, and the door says "later".
"""
