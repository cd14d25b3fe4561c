"""Immutable bytes, named by their SHA-256, kept once, compressed and encrypted.

Owned here: the table `blob_blob` (one row a distinct content) and the blob store (one object a row, a file
in a directory today). An object is zstd-compressed where that pays, then encrypted with AES-256-GCM under a
data key of its own; the row keeps that key wrapped by a key of the key ring. Rotation re-wraps rows and
never touches objects.

Always true:
- An object is durable before its row exists, and a row before the caller is answered: a crash between the two
  leaves an object nobody names, which `gc` removes after a grace period, and never a row without an object.
- An object is never rewritten: each write has a name of its own, and the row decides which one counts.
- Bytes that come back are the bytes that went in: the GCM tag is checked on every read, under the digest it
  was written for.
- What was put or kept within the grace period is not collected, referred to or not; later, only what no
  registered reference names is.
- `verify` only reads; `repair`, `gc` and the rotation are run by an operator or the clock, never by a request.

On failure: a full disk is `BlobStoreFull` and any other refusal of the medium `BlobStoreUnavailable`; both
are temporary, leave nothing half-written behind, and doors answer "later".
"""
