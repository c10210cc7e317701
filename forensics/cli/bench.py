"""`nomina bench`: how fast screening is on this machine, as ratios within one run."""

import json

import click


@click.command("bench")
@click.option(
    "--size",
    default=2000,
    show_default=True,
    type=click.IntRange(13, 200_000),
    help="Profiles and families of the search that is timed.",
)
@click.option("--seed", default=1, show_default=True, help="Seed of the invented data.")
@click.option("--json", "as_json", is_flag=True, help="Print the figures as JSON.")
def command(size: int, seed: int, as_json: bool) -> None:
    """Time the screening kernel, the compilation of families, and a whole search, on invented data."""
    from forensics.genetics.bench import measure

    found = measure(size, seed)
    if as_json:
        click.echo(json.dumps(found.plain()))
        return
    click.echo(
        f"kernel              {found.kernel_pairs_per_second:.3g} pairs per CPU second"
        + ("" if found.compiled else " (numpy: numba is not available)")
    )
    click.echo(f"numpy gather        {found.gather_pairs_per_second:.3g} pairs per CPU second")
    click.echo(f"  kernel / gather   {found.kernel_over_gather:.0f}")
    click.echo(f"  kernel / cache    {found.kernel_over_cache_limit:.0%} of the bandwidth measured")
    click.echo(
        f"families compiled   {found.families_compiled_per_second:.0f} per CPU second, 24 loci, stepwise mutation"
    )
    click.echo(
        f"whole search        {found.screen_seconds:.2f} CPU seconds, {found.screen_profiles} profiles against "
        f"{found.screen_families} families, {found.screen_hits} hits"
    )
    click.echo(f"one new profile     {found.new_profile_seconds:.2f} CPU seconds against all families")
