"""Dovecot with the same mail in Maildir, no full-text index (Debian's way out of the box)."""

import base64
import os
import pwd
import socket
import subprocess
import time
from concurrent.futures import ThreadPoolExecutor
from functools import partial
from pathlib import Path
from typing import Final

from benchmarks.mailbox import Folder, Letter, Profile, write
from benchmarks.mailbox.profiles import LETTER_2MB_FROM_END, LETTER_20KB_FROM_END
from benchmarks.mailbox.vocabulary import COMMON, DEEP, RARE
from benchmarks.measuring import measure, rate
from benchmarks.peers import processes
from benchmarks.peers.imap import Imap
from benchmarks.results import Results
from benchmarks.surroundings import environment, letters

NAME: Final = "dovecot"
USER: Final = "reader"
PASSWORD: Final = "bench"
_FOLDERS: Final = {Folder.INBOX: "", Folder.SENT: ".Sent", Folder.ARCHIVE: ".Archive"}
_LETTER = b"(UID FLAGS INTERNALDATE RFC822.SIZE ENVELOPE BODYSTRUCTURE PREVIEW)"


def imap_port() -> int:
    return environment().ports.http + 801


def lmtp_port() -> int:
    return environment().ports.http + 802


def up(profile: Profile) -> None:
    """Write its configuration and its mail, start it, and have it index the mail once."""
    home = processes.home(NAME)
    _fill(home / "mail" / USER, profile)
    (home / "dovecot.conf").write_text(_configuration(home))
    processes.stop(NAME)
    processes.start(NAME, ["/usr/sbin/dovecot", "-F", "-c", str(home / "dovecot.conf")])
    processes.wait_for(imap_port())
    processes.wait_for(lmtp_port())
    first = _signed_in()
    first.command(b"FETCH 1:* " + _LETTER)
    first.close()


def run(results: Results, profile: Profile) -> None:
    """The same operations, by IMAP."""
    client = _signed_in()
    count = client.select(b"INBOX")
    count_cpu = partial(processes.cpu_of, NAME)
    seen = measure(lambda: _open_inbox(client), 100, count_cpu)
    _add(results, "inbox", seen.median, seen.cpu)
    clients = [_signed_in() for _ in range(8)]
    results.add_peer("Dovecot", "inbox8.rate", rate([partial(_open_inbox, each) for each in clients]))
    fetch = b"UID FETCH %d (BODY.PEEK[HEADER] BODY.PEEK[1] BODY.PEEK[2])" % uid_from_end(LETTER_20KB_FROM_END)
    seen = measure(lambda: client.command(fetch), 100, count_cpu)
    _add(results, "letter", seen.median, seen.cpu)
    large = uid_from_end(LETTER_2MB_FROM_END)
    seen = measure(lambda: _attachment(client, large), 20, count_cpu, 2)
    _add(results, "attachment", seen.median, seen.cpu, "decoded by the client, whose CPU is not counted")
    for kind, word in (("rare", RARE), ("common", COMMON), ("deep", DEEP)):
        found = client.search(word)
        seen = measure(partial(client.search, word), 3, count_cpu, 0)
        _add(
            results,
            f"search.{kind}",
            seen.median,
            seen.cpu,
            f"{found} of {profile.true_hits(word)} true hits",
        )
    _change(results, client, min(1000, count))
    _deliver(results)


def uid_from_end(from_end: int) -> int:
    """The uid of the letter that came as the `from_end`th last; letters moved there and back have new uids."""
    client = _signed_in()
    by_arrival = client.command(b"UID SORT (ARRIVAL) UTF-8 ALL")[0].split()[2:]
    client.close()
    return int(by_arrival[-from_end])


def down() -> None:
    processes.stop(NAME)


def _add(results: Results, name: str, wall: float, cpu: float, note: str = "") -> None:
    results.add_peer("Dovecot", f"{name}.ms", wall, note)
    results.add_peer("Dovecot", f"{name}.cpu", cpu)


def _signed_in() -> Imap:
    client = Imap(imap_port(), USER, PASSWORD)
    client.select(b"INBOX")
    return client


def _open_inbox(client: Imap) -> None:
    newest = client.select(b"INBOX")
    if len(client.command(b"FETCH %d:%d %b" % (newest - 49, newest, _LETTER))) < 50:
        raise SystemExit("Dovecot's inbox has no 50 letters")


def _attachment(client: Imap, uid: int) -> None:
    answer = client.command(b"UID FETCH %d (BODY.PEEK[2])" % uid)[0]
    content = base64.b64decode(answer[answer.index(b"\r\n") :].rstrip(b")\r\n"))
    if not content.startswith(b"%PDF"):
        raise SystemExit(f"not the attachment: {content[:20]!r}")


def _change(results: Results, client: Imap, many: int) -> None:
    """Flag and move the oldest 1,000, and put all back."""
    client.select(b"INBOX")
    began = time.perf_counter()
    client.command(b"STORE 1:%d +FLAGS.SILENT (\\Flagged)" % many)
    results.add_peer("Dovecot", "flag.ms", 1000 * (time.perf_counter() - began))
    client.command(b"STORE 1:%d -FLAGS.SILENT (\\Flagged)" % many)
    began = time.perf_counter()
    client.command(b"MOVE 1:%d Trash" % many)
    results.add_peer("Dovecot", "move.ms", 1000 * (time.perf_counter() - began))
    client.select(b"Trash")
    client.command(b"MOVE 1:* INBOX")


def _deliver(results: Results) -> None:
    raws = list(letters(800, seed=7))

    def send(part: list[bytes]) -> None:
        with socket.create_connection(("127.0.0.1", lmtp_port())) as connection:
            reader = connection.makefile("rb")
            reader.readline()
            connection.sendall(b"LHLO bench.test\r\n")
            while reader.readline()[3:4] == b"-":
                pass
            for raw in part:
                for line in (b"MAIL FROM:<a@outside.test>", b"RCPT TO:<other@pirab.test>", b"DATA"):
                    connection.sendall(line + b"\r\n")
                    reader.readline()
                connection.sendall(raw.replace(b"\r\n.", b"\r\n..") + b"\r\n.\r\n")
                if not reader.readline().startswith(b"250"):
                    raise SystemExit("Dovecot took no letter")

    with processes.cpu_of(NAME) as cpu, ThreadPoolExecutor(8) as pool:
        began = time.perf_counter()
        list(pool.map(send, [raws[start::8] for start in range(8)]))
        seconds = time.perf_counter() - began
    results.add_peer("Dovecot", "lmtp.rate", len(raws) / seconds, "no index")
    results.add_peer("Dovecot", "lmtp.cpu", cpu.total_milliseconds() / len(raws), "no index")


def _fill(mail: Path, profile: Profile) -> None:
    """The letters as Maildir files, in the order in which they came."""
    if (mail / "filled").exists() and (mail / "filled").read_text() == profile.name:
        return
    subprocess.run(["rm", "-rf", str(mail)], check=True)
    for folder in _FOLDERS.values():
        for part in ("cur", "new", "tmp"):
            (mail / "Maildir" / folder / part).mkdir(parents=True)
    for number, letter in enumerate(write(profile)):
        _file(mail / "Maildir" / _FOLDERS[letter.folder] / "cur", number, letter)
    (mail / "filled").write_text(profile.name)
    user = _user()
    subprocess.run(["chown", "-R", f"{user.pw_uid}:{user.pw_gid}", str(mail.parent)], check=True)


def _file(directory: Path, number: int, letter: Letter) -> None:
    when = int(letter.received_at.timestamp())
    marks = {"$answered": "R", "$flagged": "F", "$seen": "S"}
    flags = "".join(sorted(mark for keyword, mark in marks.items() if keyword in letter.keywords))
    path = directory / f"{when}.M{number:06d}.bench:2,{flags}"
    path.write_bytes(letter.raw)
    os.utime(path, (when, when))


def _user() -> pwd.struct_passwd:
    return pwd.getpwnam("mail")


def _configuration(home: Path) -> str:
    user = _user()
    folders = "\n".join(
        f"  mailbox {name} {{\n    auto = create\n  }}" for name in ("Sent", "Archive", "Trash")
    )
    return f"""
base_dir = {home}/run
log_path = {home}/log
protocols = imap lmtp
listen = 127.0.0.1
ssl = no
disable_plaintext_auth = no
mail_location = maildir:~/Maildir
first_valid_uid = 1
mail_max_userip_connections = 1000
passdb {{
  driver = static
  args = password={PASSWORD}
}}
userdb {{
  driver = static
  args = uid={user.pw_uid} gid={user.pw_gid} home={home}/mail/%n allow_all_users=yes
}}
service imap-login {{
  inet_listener imap {{
    port = {imap_port()}
  }}
  inet_listener imaps {{
    port = 0
  }}
}}
service lmtp {{
  inet_listener lmtp {{
    port = {lmtp_port()}
  }}
}}
namespace inbox {{
  inbox = yes
{folders}
}}
"""
