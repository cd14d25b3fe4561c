"""`pirab_signin`: identity providers, agencies' own directories, and what to do when somebody has lost everything."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from pirab.core.errors import PirabError
from pirab.directory import queries as directory
from pirab.signin import agency_directory, enrolment, providers
from pirab.signin.agency_directory import DirectoryFacts
from pirab.signin.providers import Matching, ProviderFacts
from pirab.signin.types import Origin


class Command(BaseCommand):
    help = "Identity providers, agencies' own directories (LDAP), and clearing of lost second factors."

    def add_arguments(self, parser: CommandParser) -> None:
        tasks = parser.add_subparsers(dest="task", required=True)
        tasks.add_parser("providers", help="the identity providers in use")
        _provider_arguments(tasks.add_parser("provider", help="add or change an identity provider"))
        tasks.add_parser("stop", help="let nobody in through a provider any more").add_argument("slug")
        _directory_arguments(
            tasks.add_parser("directory", help="have an agency's LDAP server keep passwords")
        )
        forget = tasks.add_parser("local", help="keep the passwords of an agency here again")
        forget.add_argument("agency", type=int)
        clear = tasks.add_parser("clear", help="remove every second factor and session of a person")
        clear.add_argument("login")

    def handle(self, *args: Any, **options: Any) -> None:
        try:
            getattr(self, f"_{options['task']}")(options)
        except (PirabError, OSError) as error:
            raise CommandError(str(error)) from error

    def _providers(self, options: dict[str, Any]) -> None:
        for row in providers.active():
            self.stdout.write(f"{row.slug}\t{row.issuer}\t{row.matching}\t{','.join(row.domains)}")

    def _provider(self, options: dict[str, Any]) -> None:
        providers.ensure_provider(
            ProviderFacts(
                options["slug"],
                options["name_th"],
                options["name_en"],
                options["issuer"],
                options["client_id"],
                _secret(options["secret_file"]),
                tuple(options["scope"] or ("openid", "email", "profile")),
                Matching(options["match"]),
                tuple(options["domain"] or ()),
                options["pid_claim"],
                options["strong"],
            )
        )

    def _stop(self, options: dict[str, Any]) -> None:
        providers.stop(options["slug"])

    def _directory(self, options: dict[str, Any]) -> None:
        directory.agency(options["agency"])
        agency_directory.ensure_directory(
            options["agency"],
            DirectoryFacts(
                options["url"],
                options["base_dn"],
                options["filter"],
                options["bind_dn"],
                _secret(options["secret_file"]),
                options["ca_file"],
            ),
        )

    def _local(self, options: dict[str, Any]) -> None:
        agency_directory.remove_directory(options["agency"])

    def _clear(self, options: dict[str, Any]) -> None:
        person = directory.person_with_login(directory.normal_form(options["login"]) or "")
        if person is None:
            raise CommandError("nobody signs in with this login")
        enrolment.remove_all(person.id, Origin(""))


def _provider_arguments(add: CommandParser) -> None:
    add.add_argument("slug", help="a short name for addresses: thaid")
    add.add_argument("issuer", help="as in its discovery document")
    add.add_argument("client_id")
    add.add_argument("--name-th", required=True)
    add.add_argument("--name-en", required=True)
    add.add_argument(
        "--secret-file", type=Path, help="a file with the client's secret; none: a public client"
    )
    add.add_argument("--match", choices=[each.value for each in Matching], default=Matching.EMAIL.value)
    add.add_argument("--domain", action="append", help="a mail domain it may speak for; may be repeated")
    add.add_argument("--pid-claim", default="", help="the claim with the national id number")
    add.add_argument("--scope", action="append", help="may be repeated; openid, email and profile without it")
    add.add_argument("--strong", action="store_true", help="it asks for two proofs itself")


def _directory_arguments(add: CommandParser) -> None:
    add.add_argument("agency", type=int, help="the agency's number")
    add.add_argument("url", help="ldaps://ad.example.go.th or ldap://… (StartTLS)")
    add.add_argument("base_dn")
    add.add_argument(
        "--filter", default="(mail={login})", help="(sAMAccountName={local}) for Active Directory"
    )
    add.add_argument("--bind-dn", default="")
    add.add_argument("--secret-file", type=Path, help="a file with the password of --bind-dn")
    add.add_argument("--ca-file", default="", help="a PEM file of the authority that is trusted")


def _secret(path: Path | None) -> str | None:
    return None if path is None else path.read_text(encoding="utf-8").strip()
