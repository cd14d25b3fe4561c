"""SearchSnippet (rfc8621#5): where in an Email the words of a search stand, marked, safe to show as HTML.

`highlight` finds and marks words in a text; `get` decides which texts of an Email to look at. The stored preview is
tried before the message's bytes are read, and one call reads no more than a fixed number of octets, so asking for
snippets of a full page of results stays cheap.
"""
