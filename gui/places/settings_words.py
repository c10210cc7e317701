"""Roles, policies and states of the laboratory in words."""

from __future__ import annotations

import math

from PySide6.QtCore import QCoreApplication

from forensics.domain.kinship import Convention, MutationKind
from forensics.domain.operations import Operation, OperationKind, SiteKind, SiteState
from forensics.domain.people import PERMISSIONS, Permission, Role

SUPERSCRIPT = str.maketrans("0123456789-", "⁰¹²³⁴⁵⁶⁷⁸⁹⁻")


def say(words: str) -> str:
    """Words of this place, translated."""
    return QCoreApplication.translate("Settings", words)


def first_up(words: str) -> str:
    return words[:1].upper() + words[1:]


def role_word(role: Role) -> str:
    return first_up(say(role.value))


def permission_word(permission: Permission) -> str:
    return say(permission.value)


def role_allows(role: Role) -> str:
    """What a role allows, in one sentence; what everybody may is left out."""
    dull = {Permission.SIGN_IN, Permission.SETTINGS_READ}
    allowed = [p for p in Permission if p in PERMISSIONS[role] and p not in dull]
    reads = [p.value.removeprefix("read ") for p in allowed if p.value.startswith("read ")]
    acts = [permission_word(p) for p in allowed if not p.value.startswith("read ")]
    parts = [say("reads {0}").format(_listed([say(word) for word in reads]))] if reads else []
    parts += [say("may {0}").format(_listed(acts))] if acts else [say("changes nothing")]
    return first_up("; ".join(parts)) + "."


def _listed(words: list[str]) -> str:
    return words[0] if len(words) == 1 else say("{0} and {1}").format(", ".join(words[:-1]), words[-1])


def operation_kinds() -> list[tuple[OperationKind, str]]:
    return [(kind, first_up(say(kind.value))) for kind in OperationKind]


def site_kinds() -> list[tuple[SiteKind, str]]:
    return [(kind, first_up(say(kind.value))) for kind in SiteKind]


def site_states() -> list[tuple[SiteState, str]]:
    return [(state, first_up(say(state.value))) for state in SiteState]


def power(log10: float) -> str:
    """10 to a power, rounded up, since it is a demand: `1.4 × 10⁶`."""
    if log10 == -math.inf:
        return "0"
    exponent = math.floor(log10)
    mantissa = math.ceil(10 ** (log10 - exponent) * 10 - 1e-9) / 10
    if mantissa >= 10:
        mantissa, exponent = mantissa / 10, exponent + 1
    if 0 <= exponent < 4:
        return f"{math.ceil(10**log10):,}"
    return f"{mantissa:.1f} × 10{str(exponent).translate(SUPERSCRIPT)}"


def percent(share: float) -> str:
    """A share of one in per cent with all its digits: 99.95 %."""
    return f"{round(share * 100, 8):g} %"


def requirement(number_sought: int, threshold: float) -> str:
    """What the policy asks of a candidate, in a sentence."""
    from forensics.services.operations import required_log10_lr

    needed = required_log10_lr(number_sought, threshold)
    if number_sought == 1:
        return say("With one person sought nothing is required of the LR; the policy decides nothing.")
    return say(
        "With {0} people sought, each equally likely before the comparison, an LR of at least {1} "
        "(log₁₀ {2}) reaches the posterior of {3}."
    ).format(f"{number_sought:,}", power(needed), f"{needed:.2f}", percent(threshold))


MUTATION: dict[MutationKind, tuple[str, str]] = {
    MutationKind.EQUAL: ("Equal", "every other allele of the marker is equally likely to arise"),
    MutationKind.PROPORTIONAL: (
        "Proportional",
        "an allele arises in proportion to its frequency; the model is stationary",
    ),
    MutationKind.STEPWISE: (
        "Stepwise",
        "a step of one repeat is likelier than one of two, by the range; steps of part of a repeat have their own rate",
    ),
    MutationKind.ONESTEP: ("One step", "only the neighbouring alleles can arise"),
    MutationKind.DAWID: (
        "Stationary stepwise",
        "as stepwise, and stationary (Dawid, Mortera and Pascali 2001)",
    ),
}


def mutation_word(kind: MutationKind | None) -> str:
    return say("No mutation") if kind is None or kind not in MUTATION else say(MUTATION[kind][0])


def mutation_sentence(op: Operation) -> str:
    """The mutation policy with its rates in words."""
    if op.mutation is None or not (op.mutation_rate_male or op.mutation_rate_female):
        return say(
            "No mutation: one inconsistent marker excludes. Real families have mutations; think twice."
        )
    name, means = MUTATION.get(op.mutation, (op.mutation.value, ""))
    rates = say("fathers {0}, mothers {1}").format(rate(op.mutation_rate_male), rate(op.mutation_rate_female))
    return say("{0} model: {1}. {2}.").format(say(name), say(means), first_up(rates))


def rate(value: float) -> str:
    """A rate for each meiosis as people say it."""
    if not value:
        return say("never")
    return say("{0} (1 in {1} meioses)").format(f"{value:g}", f"{round(1 / value):,}")


CONVENTION: dict[Convention, tuple[str, str]] = {
    Convention.AS_DRAWN: (
        "As drawn",
        "Everybody in the drawing is counted, typed or not. With a mutation model that is not stationary, an "
        "untyped person in between changes the LR a little.",
    ),
    Convention.PRUNED: (
        "Pruned",
        "Untyped people who connect nobody are taken out before the computation, as several other programs do.",
    ),
}


def convention_word(convention: Convention) -> str:
    return say(CONVENTION[convention][0])


def convention_sentence(convention: Convention) -> str:
    return say(CONVENTION[convention][1])
