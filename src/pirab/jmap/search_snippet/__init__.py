"""SearchSnippet (rfc8621#5): where in an Email the words of a search stand, marked, safe to show as HTML.

`pirab.store.snippets` decides which texts of an Email to look at. The stored preview is tried before the bytes of the
message are read, and one call reads no more than a fixed number of octets, so asking for snippets of a full page of
results stays cheap.
"""
