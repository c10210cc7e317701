"""The one door: every use case declares its permission and runs in one transaction of its own.

    lab.run(receive_sample, token, condition)

`run` checks the person's permission, opens one transaction, calls the use case, seals the audit entry
in that same transaction, commits, and tells the listeners what changed.
"""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date
from functools import update_wrapper
from typing import Concatenate, Generic, ParamSpec, TypeVar
from uuid import UUID

from forensics.domain.auditing import AuditHead
from forensics.domain.errors import Refused
from forensics.domain.operations import Organisation
from forensics.domain.people import PERMISSIONS, Authorisation, Permission, Person, Role, permissions_of
from forensics.persistence.store import Store
from forensics.persistence.transaction import Transaction

P = ParamSpec("P")
R = TypeVar("R")


class UseCase(Generic[P, R]):
    """A function of a transaction with the permission it needs; callable inside another use case."""

    def __init__(
        self, function: Callable[Concatenate[Transaction, P], R], permission: Permission, *, writes: bool
    ) -> None:
        self.function = function
        self.permission = permission
        self.writes = writes
        self.name = f"{function.__module__.rsplit('.', 1)[-1]}.{function.__name__}"
        update_wrapper(self, function)

    def __call__(self, tx: Transaction, *args: P.args, **kwargs: P.kwargs) -> R:
        return self.function(tx, *args, **kwargs)


def command(
    permission: Permission,
) -> Callable[[Callable[Concatenate[Transaction, P], R]], UseCase[P, R]]:
    """A use case that writes."""
    return lambda function: UseCase(function, permission, writes=True)


def query(permission: Permission) -> Callable[[Callable[Concatenate[Transaction, P], R]], UseCase[P, R]]:
    """A use case that only reads."""
    return lambda function: UseCase(function, permission, writes=False)


@dataclass(frozen=True, slots=True)
class Receipt:
    """What a finished act leaves: its audit entry and which subjects changed."""

    act: str
    audit: AuditHead
    subjects: frozenset[str]


Listener = Callable[[Receipt], None]


class Laboratory:
    """An open laboratory with somebody signed in."""

    def __init__(self, store: Store, person: Person, vault_key: bytes) -> None:
        self.store = store
        self.person = person
        self.vault_key = vault_key
        self.roles: frozenset[Role] = frozenset()
        self._listeners: list[Listener] = []
        self.refresh_roles()

    @property
    def name(self) -> str:
        """The laboratory's own name."""
        with self.store.reading(self.person, "read settings") as tx:
            own = tx.one(Organisation, own=True)
        return own.name if own else ""

    @property
    def permissions(self) -> frozenset[Permission]:
        return permissions_of(self.roles)

    def colleague(self, person: Person) -> "Laboratory":
        """Another person at the same store; whoever listens here hears of what that person does."""
        other = Laboratory(self.store, person, self.vault_key)
        other.subscribe(self._tell)
        return other

    def refresh_roles(self) -> None:
        """Read again what the person is authorised to; roles run from a day until a day."""
        with self.store.reading(self.person, "sign in") as tx:
            held = tx.find(Authorisation, person=self.person.id, voided_at=None)
        self.roles = frozenset(a.role for a in held if _valid(a))

    def may(self, use_case: UseCase[P, R]) -> bool:
        """Whether the person who is signed in may run it; buttons ask this."""
        return use_case.permission in self.permissions

    def run(self, use_case: UseCase[P, R], *args: P.args, **kwargs: P.kwargs) -> R:
        """The result of the use case, committed; `Refused` without the permission."""
        return self.repeatable(None, use_case, *args, **kwargs)

    def repeatable(
        self, request: UUID | None, use_case: UseCase[P, R], *args: P.args, **kwargs: P.kwargs
    ) -> R:
        """As `run`; with the same `request` id a command happens once, however often it is sent.

        A repeated command returns the record that it returned the first time.
        """
        self._demand(use_case)
        if not use_case.writes:
            with self.store.reading(self.person, use_case.name) as tx:
                tx.permissions = self.permissions
                return use_case(tx, *args, **kwargs)
        with self.store.writing(self.person, use_case.name, request) as act:
            act.tx.permissions = self.permissions
            if act.done_before:
                return act.earlier  # type: ignore[return-value]  # the same use case returned it
            result = use_case(act.tx, *args, **kwargs)
            act.finish(result)
        self._tell(Receipt(use_case.name, act.head, frozenset(act.tx.subjects)))
        return result

    def subscribe(self, listener: Listener) -> Callable[[], None]:
        """Hear of every act of this process; the returned function ends it."""
        self._listeners.append(listener)
        return lambda: self._listeners.remove(listener)

    def close(self) -> None:
        self.store.close()

    def _demand(self, use_case: UseCase[P, R]) -> None:
        if use_case.permission not in self.permissions:
            who = " or ".join(role for role in Role if use_case.permission in PERMISSIONS[role])
            raise Refused(
                f"{self.person.name} may not {use_case.permission} (who may: {who}); "
                "an administrator can give a role that allows it."
            )

    def _tell(self, receipt: Receipt) -> None:
        for listener in list(self._listeners):
            listener(receipt)


def _valid(authorisation: Authorisation) -> bool:
    today = date.today()
    return authorisation.valid_from <= today and (
        authorisation.valid_until is None or today <= authorisation.valid_until
    )
