"""What a person has the service do with mail that comes in: sort it, send it on, answer it.

Owned here: Sieve scripts (RFC 5228, RFC 9661), rules made in a form, the vacation response of an account (rfc8621#8),
and the memory of who was answered (rfc3834#2) and how much was sent on.

Always true:
- a filter never holds up or loses a letter: it is run inside the delivery, by a pure engine that counts its work
  (`engine`); what goes wrong in it leaves the letter where it would be without, and what it discards goes to Trash
  (`sorting`);
- a reply goes to the reverse-path of a letter a person sent to the account's own address, to nobody else: never to
  lists, robots, null paths, junk, or oneself (`etiquette`);
- one reply a correspondent and period, whatever is killed or repeated: the memory is written before the reply
  is handed over, and a reply cut off in between is not sent again (`correspondents`);
- a letter is sent on once by an account, never in a circle (`redirection`);
- what costs time (composing, scanning, sending) is a job of the delivering transaction.
"""
