"""`nomina bench`: how fast screening and joint identification are on this machine, within one run."""

import json
from pathlib import Path

import click


@click.command("bench")
@click.option(
    "--size",
    default=20_000,
    show_default=True,
    type=click.IntRange(13, 200_000),
    help="Profiles and families of the searches that are timed.",
)
@click.option("--large", is_flag=True, help="Search 100,000 profiles and 100,000 families as well.")
@click.option("--seed", default=1, show_default=True, help="Seed of the invented data.")
@click.option(
    "--markers",
    default=1000,
    show_default=True,
    type=click.IntRange(65, 10_000),
    help="Markers of the panel.",
)
@click.option(
    "--joint",
    type=click.Choice(["none", "50", "900"]),
    default="900",
    show_default=True,
    help="Victims and missing persons of the largest joint identification.",
)
@click.option(
    "--lists",
    type=click.IntRange(600, 1_000_000),
    help="Instead: fill a laboratory with this many records of a kind, and ask its lists and searches.",
)
@click.option(
    "--changes",
    type=click.IntRange(20, 5000),
    help="Instead: accept profiles one by one in a demonstration laboratory of so many families.",
)
@click.option("--server", default="", help="For --lists: an empty PostgreSQL database instead of a file.")
@click.option(
    "--json", "file", type=click.Path(dir_okay=False, path_type=Path), help="Keep the figures in this file."
)
def command(
    size: int,
    large: bool,
    seed: int,
    markers: int,
    joint: str,
    lists: int | None,
    changes: int | None,
    server: str,
    file: Path | None,
) -> None:
    """Time kernel, compilation, whole searches, new profiles, pairs of profiles and joint identification."""
    if lists is not None:
        _lists(lists, server, seed, file)
        return
    if changes is not None:
        _changes(changes, file)
        return
    from forensics.genetics import bench_joint
    from forensics.genetics.bench import in_words, measure

    found = measure(
        size, seed, large=large, markers=markers, watch=lambda what: click.echo(f"... {what}", err=True)
    )
    for line in in_words(found):
        click.echo(line)
    events = [] if joint == "none" else bench_joint.measure(seed, large=joint == "900")
    for line in bench_joint.in_words(events):
        click.echo(line)
    _keep({**found.plain(), "joint": [one.plain() for one in events]}, file)


def _lists(size: int, server: str, seed: int, file: Path | None) -> None:
    """Milliseconds on the clock of every question to a laboratory that has grown."""
    from dataclasses import asdict
    from tempfile import TemporaryDirectory

    from forensics.services.measuring import answers, grown_laboratory

    with TemporaryDirectory() as folder:
        click.echo(f"... {size} items, samples, families and missing persons", err=True)
        lab, operation = grown_laboratory(server or str(Path(folder, "grown.nomina")), size, seed)
        found = []
        for answer in answers(lab, operation):
            click.echo(f"{answer.question:<36}{answer.milliseconds:8.1f} ms {answer.rows:8} rows")
            found.append(asdict(answer))
        lab.close()
    _keep(found, file)


def _changes(families: int, file: Path | None) -> None:
    """CPU seconds from an accepted profile to the record of what it changed."""
    from dataclasses import asdict
    from tempfile import TemporaryDirectory

    from forensics.services.measuring import new_profiles

    found = []
    with TemporaryDirectory() as folder:
        click.echo(f"... a demonstration laboratory of {families} families", err=True)
        for one in new_profiles(str(Path(folder, "changing.nomina")), families):
            kept = "nothing kept" if one.cold else "families kept"
            click.echo(
                f"one new profile, {one.profiles} × {one.families}, {kept:<14} {one.seconds:7.3f} s, {one.hits} found"
            )
            found.append(asdict(one))
    _keep(found, file)


def _keep(found: object, file: Path | None) -> None:
    if file is not None:
        file.write_text(json.dumps(found, indent=1) + "\n", encoding="utf-8")
