"""The verdict on a message: asked from Rspamd, or read from the header our own Rspamd has put there.

Owned here: the client of Rspamd's `/checkv2` (`client`), the trusted scan header (`trusted`), what a verdict
means for the place of a message (`verdicts`) and the values (`types`). No rows: a verdict belongs to one
passage of a message.

Always true: every message has a verdict before it reaches a mailbox or leaves. A verdict counts only when
both judges, spam and virus, have spoken. A scan header counts only with a MAC that this installation made for
the very queue entry it arrives in; every such header, trusted or forged, is removed, and no other octet is
touched.

On failure: `ScannerUnavailable`, which is temporary: mail is held ("later"), never passed on and never
dropped.
"""
