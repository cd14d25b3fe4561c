"""What a person has the service do with mail that comes in: answer it while they are away.

Owned here: the vacation response of an account (rfc8621#8) and the memory of who was answered (rfc3834#2).

Always true:
- a reply goes to the reverse-path of a letter a person sent to the account's own address, to nobody else: never to
  lists, robots, null paths, junk, or oneself (`etiquette`);
- one reply a correspondent in `vacation.PERIOD`, whatever is killed or repeated: the memory is written before the reply
  is handed over, and a reply cut off in between is not sent again;
- deciding costs the delivery one question; composing, scanning and sending are a job after it.
"""
