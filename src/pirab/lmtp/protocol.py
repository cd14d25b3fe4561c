"""The LMTP session as a pure state machine: octets in, replies and messages out, no socket, no clock.

    session.feed(octets)            what arrived
    session.advance()               -> Transaction | None; run until a message is complete or input is used up
    session.answer(replies)         one reply a recipient, in order (rfc2033#4.2)
    session.take_output()           everything to be written now, in one piece
    session.is_closing              write, then close

While a transaction waits for its answer nothing behind it is interpreted, so pipelined commands (rfc2920)
keep their order; `backlog` tells the driver when to stop reading. A message over the limit is swallowed
without being kept and refused for every recipient with 552 5.3.4. Only CRLF ends a command and only CRLF.CRLF
ends a message (rfc5321#2.3.8, #4.1.1.4).
"""

from collections.abc import Callable, Mapping, Sequence
from enum import Enum
from typing import Final

import msgspec

from pirab.lmtp import grammar
from pirab.lmtp.grammar import GrammarError, MailParameters

LONGEST_COMMAND: Final = 4096
"""Octets of one command line with its CRLF: rfc5321#4.5.3.1.4 asks for 512, XFORWARD needs more."""

MOST_RECIPIENTS: Final = 1000
"""Recipients of one transaction; rfc5321#4.5.3.1.8 asks for 100."""

MOST_ERRORS: Final = 20
"""Refused commands after which the session ends: no honest client makes so many."""

_CLIENT_MISTAKES: Final = frozenset({500, 501, 503, 555})

_END_OF_DATA: Final = b"\r\n.\r\n"


class Reply(msgspec.Struct, frozen=True):
    """One reply line: three-digit code, enhanced status (rfc3463) and printable ASCII text."""

    code: int
    enhanced_status: str
    text: str

    def encode(self) -> bytes:
        clean = "".join(char if " " <= char <= "~" else "?" for char in self.text)[:400]
        return f"{self.code} {self.enhanced_status} {clean}\r\n".encode("ascii")


class Transaction(msgspec.Struct, frozen=True):
    """A complete message: `content` as sent, dots unstuffed; `forwarded` holds the XFORWARD attributes."""

    reverse_path: str
    forward_paths: tuple[str, ...]
    parameters: MailParameters
    forwarded: Mapping[str, str]
    content: bytes


class _State(Enum):
    COMMAND = "command"
    OVERLONG_COMMAND = "overlong command"
    DATA = "data"
    OVERSIZED_DATA = "oversized data"
    ANSWER = "waiting for the answer"


class Session:
    """One connection from greeting to QUIT. `size_limit` counts octets of content after unstuffing."""

    def __init__(self, hostname: str, size_limit: int) -> None:
        self._hostname = hostname
        self._size_limit = size_limit
        self._input = bytearray()
        self._searched = 0
        self._output = bytearray()
        self._state = _State.COMMAND
        self._greeted = False
        self._errors = 0
        self._forwarded: dict[str, str] = {}
        self._mail: grammar.MailCommand | None = None
        self._forward_paths: list[str] = []
        self.is_closing = False
        self._commands: Mapping[str, Callable[[str], Reply | None]] = {
            "LHLO": self._lhlo,
            "XFORWARD": self._xforward,
            "MAIL": self._mail_from,
            "RCPT": self._rcpt_to,
            "DATA": self._data,
            "RSET": self._rset,
            "NOOP": lambda _: Reply(250, "2.0.0", "Ok"),
            "VRFY": lambda _: Reply(252, "2.1.5", "Send some mail and see"),
            "QUIT": self._quit,
        }
        self._output += f"220 {hostname} LMTP ready\r\n".encode("ascii")

    # -- what the driver calls ------------------------------------------------------------------------------

    def feed(self, octets: bytes) -> None:
        self._input += octets

    @property
    def backlog(self) -> int:
        """Octets fed and not yet interpreted; grows only while an answer is awaited."""
        return len(self._input)

    @property
    def is_receiving_data(self) -> bool:
        """Whether the client is in the middle of a message, for the choice of a timeout (rfc5321#4.5.3.2)."""
        return self._state in (_State.DATA, _State.OVERSIZED_DATA)

    @property
    def is_waiting(self) -> bool:
        """Whether a transaction was handed out and not yet answered."""
        return self._state is _State.ANSWER

    def take_output(self) -> bytes:
        output = bytes(self._output)
        self._output.clear()
        return output

    def advance(self) -> Transaction | None:
        """Interpret what was fed, up to a complete message; that must be answered before the next call."""
        while not self.is_closing:
            match self._state:
                case _State.ANSWER:
                    return None
                case _State.COMMAND | _State.OVERLONG_COMMAND:
                    if not self._take_command():
                        return None
                case _State.DATA:
                    transaction = self._take_content()
                    if transaction or self._state is _State.DATA:
                        return transaction
                case _State.OVERSIZED_DATA:
                    if not self._swallow_content():
                        return None
        return None

    def answer(self, replies: Sequence[Reply]) -> None:
        """Reply to the transaction handed out: one reply for each of its forward paths, in their order."""
        if self._state is not _State.ANSWER or len(replies) != len(self._forward_paths):
            raise ValueError("one reply for each recipient of the open transaction")
        for reply in replies:
            self._output += reply.encode()
        self._reset()
        self._state = _State.COMMAND

    def say_goodbye(self, enhanced_status: str, text: str) -> None:
        """421: the service closes the connection (rfc5321#3.8); nothing fed is interpreted any more."""
        self._output += Reply(421, enhanced_status, text).encode()
        self.is_closing = True

    # -- commands -------------------------------------------------------------------------------------------

    def _take_command(self) -> bool:
        """Interpret one command line; False when there is no complete one."""
        end = self._input.find(b"\r\n", self._searched)
        if end < 0:
            if len(self._input) >= LONGEST_COMMAND:
                self._state = _State.OVERLONG_COMMAND
                del self._input[:-1]  # the last octet may be the CR of the line's end
            self._searched = max(0, len(self._input) - 1)
            return False
        line = bytes(self._input[:end])
        del self._input[: end + 2]
        self._searched = 0
        if self._state is _State.OVERLONG_COMMAND or end + 2 > LONGEST_COMMAND:
            self._state = _State.COMMAND
            self._refuse(Reply(500, "5.5.2", "Line too long"))
        else:
            self._interpret(line)
        return True

    def _interpret(self, line: bytes) -> None:
        try:
            text = line.decode("utf-8")
        except UnicodeDecodeError:
            return self._refuse(Reply(500, "5.5.2", "Command is not UTF-8"))
        if any(char < " " or char == "\x7f" for char in text):
            # A bare CR, a bare LF or a NUL inside a command: never a second command, always an error.
            return self._refuse(Reply(500, "5.5.2", "Control character in command"))
        verb, arguments = grammar.split_verb(text)
        command = self._commands.get(verb)
        if command is None:
            return self._refuse(Reply(500, "5.5.1", "Command not recognized"))
        try:
            reply = command(arguments)
        except GrammarError as error:
            reply = Reply(error.reply_code, error.enhanced_status, error.text)
        if reply is None:
            return None
        if reply.code in _CLIENT_MISTAKES:
            return self._refuse(reply)
        self._output += reply.encode()
        return None

    def _refuse(self, reply: Reply) -> None:
        self._output += reply.encode()
        self._errors += 1
        if self._errors >= MOST_ERRORS:
            self._output += Reply(421, "4.7.0", "Too many errors").encode()
            self.is_closing = True

    def _lhlo(self, arguments: str) -> Reply | None:
        if not arguments:
            return Reply(501, "5.5.4", "Syntax: LHLO name")
        self._reset()
        self._greeted = True
        # rfc2033#4 demands PIPELINING and ENHANCEDSTATUSCODES. No DSN: Postfix then reports relayed mail
        # itself.
        extensions = (
            self._hostname,
            "PIPELINING",
            f"SIZE {self._size_limit}",
            "8BITMIME",
            "SMTPUTF8",
            "ENHANCEDSTATUSCODES",
            "XFORWARD NAME ADDR PORT PROTO HELO IDENT SOURCE",
        )
        lines = [f"250-{extension}\r\n" for extension in extensions[:-1]]
        self._output += "".join([*lines, f"250 {extensions[-1]}\r\n"]).encode("ascii")
        return None

    def _xforward(self, arguments: str) -> Reply:
        if not self._greeted or self._mail is not None:
            return Reply(503, "5.5.1", "XFORWARD belongs between LHLO and MAIL")
        self._forwarded.update(grammar.parse_xforward(arguments))
        return Reply(250, "2.0.0", "Ok")

    def _mail_from(self, arguments: str) -> Reply:
        if not self._greeted:
            return Reply(503, "5.5.1", "Send LHLO first")
        if self._mail is not None:
            return Reply(503, "5.5.1", "Nested MAIL command")
        command = grammar.parse_mail(arguments)
        if (command.parameters.size or 0) > self._size_limit:
            return Reply(552, "5.3.4", "Message exceeds the size limit")  # rfc1870#6.1
        self._mail = command
        return Reply(250, "2.1.0", "Sender ok")

    def _rcpt_to(self, arguments: str) -> Reply:
        if self._mail is None:
            return Reply(503, "5.5.1", "Send MAIL first")
        if len(self._forward_paths) >= MOST_RECIPIENTS:
            return Reply(452, "4.5.3", "Too many recipients")
        # Whether the address exists is answered after DATA, for all recipients in one question to the
        # database.
        self._forward_paths.append(grammar.parse_rcpt(arguments))
        return Reply(250, "2.1.5", "Recipient ok")

    def _data(self, arguments: str) -> Reply | None:
        if arguments:
            return Reply(501, "5.5.4", "Syntax: DATA")
        if not self._forward_paths:
            return Reply(503, "5.5.1", "No valid recipients")  # rfc2033#4.2
        self._output += b"354 End data with <CR><LF>.<CR><LF>\r\n"
        # The line end of the DATA command makes the first line of the message like any other line.
        self._input[:0] = b"\r\n"
        self._searched = 0
        self._state = _State.DATA
        return None

    def _rset(self, arguments: str) -> Reply:
        self._reset()
        return Reply(250, "2.0.0", "Ok")

    def _quit(self, arguments: str) -> Reply:
        self.is_closing = True
        return Reply(221, "2.0.0", "Bye")

    def _reset(self) -> None:
        """End the transaction, and with it the XFORWARD attributes, which describe one message only."""
        self._mail = None
        self._forward_paths = []
        self._forwarded = {}

    # -- content --------------------------------------------------------------------------------------------

    def _take_content(self) -> Transaction | None:
        end = self._input.find(_END_OF_DATA, self._searched)
        if end < 0:
            self._searched = max(0, len(self._input) - len(_END_OF_DATA) + 1)
            if len(self._input) > self._size_limit * 4 // 3 + 16:
                # Stuffing adds at most one octet to a line of three (". CR LF"): the content is over the
                # limit by now.
                self._state = _State.OVERSIZED_DATA
            return None
        with memoryview(self._input) as view:
            stuffed = bytes(view[: end + 2])
        del self._input[: end + len(_END_OF_DATA)]
        self._searched = 0
        content = stuffed.replace(b"\r\n.", b"\r\n")[2:]  # rfc5321#4.5.2: whatever follows the dot
        if len(content) > self._size_limit:
            self._refuse_size()
            return None
        self._state = _State.ANSWER
        assert self._mail is not None
        return Transaction(
            self._mail.reverse_path,
            tuple(self._forward_paths),
            self._mail.parameters,
            dict(self._forwarded),
            content,
        )

    def _swallow_content(self) -> bool:
        """Drop what cannot be kept up to the end of the message; False when the end has not come yet."""
        end = self._input.find(_END_OF_DATA)
        if end < 0:
            del self._input[: -len(_END_OF_DATA) + 1]
            return False
        del self._input[: end + len(_END_OF_DATA)]
        self._searched = 0
        self._refuse_size()
        return True

    def _refuse_size(self) -> None:
        self._state = _State.ANSWER
        self.answer([Reply(552, "5.3.4", "Message exceeds the size limit")] * len(self._forward_paths))
