"""Text inside attachments, so that a letter is found by what its files say.

Owned here: which attachments are looked into (`candidates`), the box a reader runs in (`sandbox`), the reader itself
(`reader`, a script that knows nothing of Pirab) and the job that does it (`tasks`). The text is kept by the store, once
a message (`store.actions.set_attachment_text`), however many people hold the message.

Always true: bytes from a letter are opened by office and PDF libraries only inside the box: no network, no files but
the libraries', no privileges, bounded memory, processor time and output. A document that breaks its reader costs the
letter nothing but its findability by that file. Mail never waits for any of this: it is a job after delivery.
"""
