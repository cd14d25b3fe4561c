"""Email (rfc8621#4): reading, finding, changing, importing, copying and parsing messages.

Owned here: the JSON face of an Email. One module for each method (`get`, `query`, `query_changes`, `changes`, `set`,
`import_`, `copy`, `parse`) and below them the parts they share: `header_property` (the grammar of `header:…`),
`properties` (what a request asks for and how deep the server must reach for it), `rendering` (values from rows),
`body_part` (values from the MIME structure), `content` (values from the message's own bytes), `filter` and `membership`
(what a client sends), `creation` and its neighbours (from an Email object to a message).

Always true: a property list is fetched no deeper than it needs (rows, then structure, then bytes); a message's bytes
are reached only through the account that holds them; keywords and mailboxIds are the only mutable properties; a create
that breaks a rule of rfc8621#4.6 names every property that breaks it.

On failure: a refused record leaves nothing behind but, at most, an unreferenced blob that the collector removes.
"""
