"""SieveScript/set (rfc9661#2.4)."""

from __future__ import annotations

from typing import Any

from pirab.core import db
from pirab.core.ids import IdKind, encode_id
from pirab.filtering import scripts
from pirab.filtering.types import ScriptRow
from pirab.jmap.arguments import IdOrReference, SetArguments, check_set_size
from pirab.jmap.capabilities import SIEVE
from pirab.jmap.context import RequestContext, Right
from pirab.jmap.email.account_blobs import AccountBlobs
from pirab.jmap.errors import SetError, invalid_properties
from pirab.jmap.registry import MethodResult, method
from pirab.jmap.set_outcome import SetOutcome
from pirab.jmap.sieve_script.content import script_octets, telling_why
from pirab.jmap.sieve_script.rendering import PROPERTIES, render
from pirab.jmap.states import hold_state
from pirab.store import queries as stored
from pirab.store.types import ObjectType


class SieveScriptSetArguments(SetArguments, frozen=True, kw_only=True):
    """The standard arguments and the two that change which script is active."""

    on_success_activate_script: IdOrReference | None = None
    on_success_deactivate_script: bool | None = None


@method("SieveScript/set", capability=SIEVE, arguments=SieveScriptSetArguments)
def handle(context: RequestContext, arguments: SieveScriptSetArguments) -> MethodResult:
    """Create, update, destroy; then, if nothing was refused, activate or deactivate."""
    account = context.account(arguments.account_id, Right.WRITE)
    check_set_size(arguments)
    setter = _Setter(context, account)
    with db.transaction():
        old_state = hold_state(account, ObjectType.SIEVE, arguments.if_in_state)
        setter.apply(arguments)
        setter.switch(arguments)
        new_state = stored.states(account).of(ObjectType.SIEVE)
    return MethodResult(setter.outcome.response(arguments.account_id, old_state, new_state))


class _Setter:
    """One call."""

    def __init__(self, context: RequestContext, account: int) -> None:
        self._context = context
        self._account = account
        self._blobs = AccountBlobs(account, person=context.principal.person_id)
        self.outcome = SetOutcome()

    def apply(self, arguments: SetArguments) -> None:
        """Create, update, destroy."""
        self.outcome.run(arguments, self._create, self._update, self._destroy)

    def switch(self, arguments: SieveScriptSetArguments) -> None:
        """Change the active script; what is not there is ignored (rfc9661#2.4)."""
        outcome = self.outcome
        if outcome.not_created or outcome.not_updated or outcome.not_destroyed:
            return
        wanted = arguments.on_success_activate_script
        key = self._context.key(IdKind.SIEVE, wanted) if wanted is not None else None
        if key in {row.id for row in scripts.scripts_of(self._account)}:
            self._report(scripts.activate(self._account, key))
        elif arguments.on_success_deactivate_script:
            self._report(scripts.activate(self._account, None))

    def _report(self, changed: list[ScriptRow]) -> None:
        for row in changed:
            script_id = encode_id(IdKind.SIEVE, row.id)
            made = [record for record in self.outcome.created.values() if record["id"] == script_id]
            for record in made:
                record["isActive"] = row.is_active
            if not made:
                known = self.outcome.updated.get(script_id) or {}
                self.outcome.record_update(script_id, {**known, "isActive": row.is_active})

    def _create(self, creation_id: str, record: dict[str, Any]) -> dict[str, Any]:
        name, blob_id = _checked(record)
        if blob_id is None:
            raise invalid_properties("A script needs its content.", "blobId")
        octets = script_octets(self._blobs, blob_id)
        with telling_why():
            row = scripts.create_script(self._account, name, octets)
        self._context.record_created(creation_id, encode_id(IdKind.SIEVE, row.id))
        whole = render(row, list(PROPERTIES))
        return {name: value for name, value in whole.items() if name not in record or record[name] != value}

    def _update(self, text: str, patch: dict[str, Any]) -> dict[str, Any] | None:
        key = self._key(text)
        current = next(row for row in scripts.scripts_of(self._account) if row.id == key)
        if "isActive" in patch and patch["isActive"] is not current.is_active:
            raise invalid_properties("Use onSuccessActivateScript.", "isActive")
        given = {name: value for name, value in patch.items() if name not in ("id", "isActive")}
        name, blob_id = _checked(given)
        if ("name" in given and name is None) or ("blobId" in given and blob_id is None):
            raise invalid_properties(
                "A script keeps a name and content.", *(given.keys() & {"name", "blobId"})
            )
        with telling_why(), db.transaction():
            if name is not None and name != current.name:
                scripts.rename_script(self._account, key, name)
            if blob_id is not None:
                scripts.replace_script(self._account, key, script_octets(self._blobs, blob_id))
        after = next(row for row in scripts.scripts_of(self._account) if row.id == key)
        changed = render(after, ["blobId"])["blobId"]
        return {"blobId": changed} if blob_id is not None and changed != blob_id else None

    def _destroy(self, text: str) -> None:
        scripts.destroy_script(self._account, self._key(text))

    def _key(self, text: str) -> int:
        key = self._context.key(IdKind.SIEVE, text)
        if key is None or key not in {row.id for row in scripts.scripts_of(self._account)}:
            raise SetError("notFound")
        return key


def _checked(record: dict[str, Any]) -> tuple[str | None, str | None]:
    """Name and blob id; raises `invalidProperties` naming everything that is wrong."""
    bad = [
        name[:100]
        for name, value in record.items()
        if name not in ("name", "blobId") or not (value is None or isinstance(value, str))
    ]
    if bad:
        raise invalid_properties("Unknown, set by the server, or of the wrong type.", *bad)
    return record.get("name"), record.get("blobId")
