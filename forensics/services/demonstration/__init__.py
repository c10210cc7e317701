"""The demonstration laboratory: an invented operation with cases at every stage, made from a seed.

It is made through the same use cases as any other laboratory, in the names of the people who would have
done each act. Nobody in it exists.
"""

import random
from collections.abc import Callable

from forensics.domain.people import Role
from forensics.domain.progress import Progress, Silent
from forensics.persistence import keys
from forensics.services import people
from forensics.services.demonstration.bench import work_batches
from forensics.services.demonstration.dead import examine, receive_remains, type_remains
from forensics.services.demonstration.decisions import associate, identify, screen, weigh
from forensics.services.demonstration.intake import accept_delivery
from forensics.services.demonstration.operation import found_operation
from forensics.services.demonstration.relatives import invent_families
from forensics.services.demonstration.stage import TABLE, PastClock, Size, Stage, typed_loci
from forensics.services.demonstration.storeroom import fill_boxes, take_stock
from forensics.services.door import Laboratory
from forensics.services.laboratories import NewLaboratory, create_laboratory

__all__ = [
    "PASSPHRASE",
    "PASSWORD",
    "PEOPLE",
    "SEED",
    "TABLE",
    "Size",
    "add_staff",
    "build",
    "sign_in",
    "staffed",
    "typed_loci",
]

PASSWORD = "demonstration"
PASSPHRASE = "demonstration laboratory"
SEED = 20240611

PEOPLE: tuple[tuple[str, str, Role, str], ...] = (
    ("tamara", "Tamara Lindqvist", Role.TECHNICIAN, "Laboratory technician"),
    ("custodian", "Nuno Carvalho", Role.CUSTODIAN, "Custodian of remains"),
    ("analyst", "Ines Amrani", Role.DNA_ANALYST, "DNA analyst"),
    ("reviewer", "Dr Pavel Hora", Role.DNA_REVIEWER, "DNA reviewer"),
    ("anthropologist", "Dr Lucía Ferrer", Role.ANTHROPOLOGIST, "Forensic anthropologist"),
    ("manager", "Samira Haddad", Role.CASE_MANAGER, "Case manager"),
    ("coordinator", "Dr Jonas Weiss", Role.COORDINATOR, "Identification coordinator"),
    ("quality", "Aoife Brennan", Role.QUALITY_MANAGER, "Quality manager"),
)
"""Login, name, role, title; the password of each is `PASSWORD`."""


def build(
    location: str, progress: Progress | None = None, seed: int = SEED, size: Size | None = None
) -> Laboratory:
    """The laboratory at `location`, its administrator signed in; the same seed makes the same cases.

    Each step is dated some days back, so that work has ages as in a laboratory that has been running.
    """
    watch = progress or Silent()
    whole = len(_STEPS) + 1
    watch.step(0, whole, "Creating the laboratory")
    admin = staffed(location)
    staff = {"admin": admin} | {login: sign_in(admin, login) for login, *_ in PEOPLE}
    stage = Stage(random.Random(seed), size or Size(), staff)
    clock = admin.store.clock
    for number, (days_ago, step) in enumerate(_STEPS, 1):
        watch.step(number, whole, (step.__doc__ or "").rstrip("."))
        admin.store.clock = PastClock(days_ago)
        with admin.store.together():
            step(stage)
    admin.store.clock = clock
    return admin


_STEPS: tuple[tuple[float, Callable[[Stage], None]], ...] = (
    (64, found_operation),
    (58, invent_families),
    (41, receive_remains),
    (29, type_remains),
    (27, fill_boxes),
    (22, examine),
    (13, associate),
    (11, take_stock),
    (9, screen),
    (6, weigh),
    (3, work_batches),
    (2, identify),
    (1, accept_delivery),
)
"""Each step and how many days ago it was done."""


def staffed(location: str) -> Laboratory:
    """An empty laboratory with the demonstration's people; its administrator is signed in."""
    new = NewLaboratory(
        location,
        "Laboratory for the Identification of the Missing (demonstration)",
        "Adriana Castellano",
        "admin",
        PASSWORD,
        PASSPHRASE,
        short_name="LIM demo",
        address="Via delle Palme 1\n91025 Marsala",
        country="Italy",
        accreditation="ISO/IEC 17025 accreditation not held: demonstration",
    )
    admin = create_laboratory(new)
    add_staff(admin)
    return admin


def add_staff(admin: Laboratory) -> None:
    """The demonstration's people; their one password is no secret, and so it is stretched once for all."""
    stretched = keys.stretch(PASSWORD)
    for login, name, role, title in PEOPLE:
        people.admit(admin, name, login, stretched, [role], title=title)


def sign_in(lab: Laboratory, login: str) -> Laboratory:
    """Another person of the demonstration, on the same store."""
    person = next(line.person for line in lab.run(people.people) if line.person.login == login)
    return lab.colleague(person)
