"""Floor 0: bytes on one side, values on the other.

This package owns the reading and the writing of mail: messages (RFC 5322, RFC 6532), MIME (RFC 2045-2049,
RFC 2231), addresses (RFC 5321, RFC 6531), delivery reports (RFC 3464, RFC 6533), and the cleaning of HTML
bodies.

What is always true:

* No input or output, no clock, no randomness, no Django: the same bytes give the same values for ever.
* Reading is total. `mime.parse_message` gives a value for any bytes; what is ugly is named in
  `ParsedMessage.defects` and nothing is dropped: every octet of the message lies in a header range, a body
  range, or between two parts of a multipart. Time is linear in the size of the input; limits travel as an
  argument.
* Writing is strict. `compose` emits only what the standards allow, and raises `ComposeError` for what
  cannot be written; no value given to it can begin a new header field.
* No string that comes out contains NUL or a lone surrogate: such strings can go to PostgreSQL and to JSON
  as they are.
* Ranges are octet offsets into the bytes given. A line ends with LF, with or without a CR before it; a CR
  alone ends nothing (RFC 5322 section 2.2 forbids it), so that it cannot smuggle a header field or a part.
"""
