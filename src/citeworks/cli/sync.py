"""``cite sync``: the library and a Zotero library, each with what the other has."""

from __future__ import annotations

import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import replace
from typing import TYPE_CHECKING, Any

import click

from citeworks.cli.completing import complete_key
from citeworks.cli.library import library_option
from citeworks.cli.messages import FAILED, FINDINGS, REFUSED, report_error, say
from citeworks.cli.settings import global_options
from citeworks.cli.sync_setup import Binding, explained, open_setup, write_binding
from citeworks.errors import CiteError, InputError, PermissionRefused
from citeworks.sync.apply import Report
from citeworks.sync.merge import Direction, Side
from citeworks.sync.plan import Plan, Preference, undecided
from citeworks.sync.state import Row
from citeworks.workflows.sync import Setup, Wishes, modified, newest

if TYPE_CHECKING:
    from citeworks.sync.zotero import ZoteroLibrary

_FEW = 8

EPILOG = """\b
Examples:
  cite sync init --group 4321
  cite sync run --dry-run
  cite sync run
  cite sync conflicts
"""

PREFER = click.option(
    "--prefer",
    type=click.Choice(["ours", "theirs", "newest"]),
    help="Settle conflicts: the library's side, the group's, or the one changed last.",
)
DRY_RUN = click.option(
    "--dry-run", is_flag=True, help="Change nothing; print the plan and exit 1 if there is one."
)
MASS = click.option(
    "--allow-mass-delete", is_flag=True, help="Remove many records, if that is what was meant."
)
FULL = click.option(
    "--full",
    is_flag=True,
    help="Compare the versions of all objects, as every day's first run does.",
)


@click.group(epilog=EPILOG)
@global_options
def command() -> None:
    """Keep the library and a Zotero library the same, in both directions.

    The address is $CITE_ZOTERO_URL, the key $CITE_ZOTERO_API_KEY or the keyring's.
    """


@command.command(epilog="\b\nExamples:\n  cite sync init --group 4321 --collection Papers/2026\n")
@click.option("--group", type=click.IntRange(min=1), help="The number of the group.")
@click.option("--user", type=click.IntRange(min=0), help="The number of the user instead.")
@click.option("--collection", metavar="PATH", default="", help="Only items in this collection.")
@click.option("--tag", metavar="TAG", default="", help="Only items with this tag.")
@global_options
def init(group: int | None, user: int | None, collection: str, tag: str) -> int:
    """Bind the library to a group (or user) library; the binding goes to cite.toml."""
    if (group is None) == (user is None):
        raise InputError("name either a group or a user", hint="cite sync init --group ID")
    scope, number = ("groups", group) if group is not None else ("users", user)
    binding = Binding(scope, int(number or 0), collection, tag)
    with explained(), binding.connect() as storage:
        access = storage.access()
        if not access.read:
            raise PermissionRefused(access.reason or f"{binding.library} cannot be read")
        unknown = _unknown_to_server(storage)
    path = write_binding(binding)
    name = f" ({access.library_name})" if access.library_name else ""
    say(f"bound to {binding.library}{name} in {path}")
    if not access.write:
        say(f"it can only be pulled: {access.reason}")
    if unknown:
        names = ", ".join(unknown[:_FEW]) + (" …" if len(unknown) > _FEW else "")
        say(f"this server does not know, and is not sent: {names}")
    return 0


def _unknown_to_server(storage: ZoteroLibrary) -> list[str]:
    """What the server would refuse; nothing where it does not show its schema."""
    from citeworks.sync.schema import known_of, unknown_to

    try:
        return unknown_to(known_of(storage.schema().document or {}, "").types)
    except CiteError:
        return []


def _run_command(name: str, direction: Direction, text: str) -> None:
    @command.command(name, help=text, epilog=f"\b\nExamples:\n  cite sync {name} --dry-run\n")
    @library_option
    @DRY_RUN
    @PREFER
    @MASS
    @FULL
    @global_options
    def run(
        library_path: str | None,
        dry_run: bool,
        prefer: str | None,
        allow_mass_delete: bool,
        full: bool,
    ) -> int:
        def wishes(setup: Setup) -> Wishes:
            setup.state.is_doubtful |= full
            return Wishes(name, direction, _preference(prefer, setup), allow_mass_delete)

        if dry_run:
            return _show(library_path, wishes, is_full=True)
        return _synchronize(library_path, wishes)


_run_command("run", Direction.BOTH, "Pull, merge and push.")
_run_command("pull", Direction.PULL, "Bring the group's changes here, and send nothing.")
_run_command("push", Direction.PUSH, "Send the changes made here, and bring in nothing.")


@command.command(epilog="\b\nExamples:\n  cite sync status\n")
@library_option
@FULL
@global_options
def status(library_path: str | None, full: bool) -> int:
    """Say what a run would do; exit 1 if anything, 4 if a conflict is open."""

    def wishes(setup: Setup) -> Wishes:
        setup.state.is_doubtful |= full
        return Wishes("status")

    return _show(library_path, wishes, is_full=False)


def _show(library_path: str | None, wishes: Callable[[Setup], Wishes], *, is_full: bool) -> int:
    from citeworks.cli.progress import measuring
    from citeworks.cli.sync_report import print_plan, print_status
    from citeworks.workflows.sync import guard, preview

    with open_setup(library_path, is_dry=True) as setup:
        wish = wishes(setup)
        with measuring(str(setup.storage.library)) as progress:
            plan = preview(setup, replace(wish, progress=progress))
        if is_full:
            print_plan(plan, setup)
        else:
            print_status(plan, setup)
        _warn(plan, setup)
        if is_full and not wish.allow_mass_delete:
            guard(plan)
    changes = bool(plan.sends or plan.changes)
    return _exit_code(plan, Report(), FINDINGS if changes else 0)


def _synchronize(library_path: str | None, wishes: Callable[[Setup], Wishes]) -> int:
    from citeworks.cli.progress import measuring
    from citeworks.workflows.sync import synchronize

    report = Report()
    with (
        open_setup(library_path) as setup,
        _told(report, setup),
        measuring(str(setup.storage.library)) as progress,
    ):
        plan = synchronize(setup, replace(wishes(setup), progress=progress), report)
        _warn(plan, setup)
    return _exit_code(plan, report, 0)


@contextmanager
def _told(report: Report, setup: Setup) -> Iterator[None]:
    """Say what was done, however it ended."""
    from citeworks.cli.sync_report import say_report

    try:
        yield
    except BaseException:
        say_report(report, setup)
        raise
    say_report(report, setup, is_done=True)


def _exit_code(plan: Plan, report: Report, otherwise: int) -> int:
    if plan.conflicts:
        count = len(plan.conflicts)
        say(f"{count} open conflict{'s' * (count > 1)}: `cite sync conflicts` lists them")
    if report.refusal:
        report_error(PermissionRefused(f"nothing was sent: {report.refusal}"))
    is_forbidden = any(failure.code == 403 for failure in report.failures.values())
    if plan.conflicts or report.refusal or is_forbidden:
        return REFUSED
    return FAILED if report.failures else otherwise


def _warn(plan: Plan, setup: Setup) -> None:
    from citeworks.cli.messages import report_issue

    for issue in plan.issues:
        report_issue(issue)
    if setup.state.notice:
        say(setup.state.notice)


def _preference(prefer: str | None, setup: Setup) -> Preference:
    if prefer is None:
        return undecided
    if prefer == "newest":
        return newest(modified(setup.path))
    side = Side(prefer)
    return lambda row, name: side


@command.group(invoke_without_command=True, epilog="\b\nExamples:\n  cite sync conflicts show\n")
@library_option
@global_options
@click.pass_context
def conflicts(context: click.Context, library_path: str | None) -> int:
    """List the open conflicts; exit 4 if there are any."""
    context.meta["citeworks.library"] = library_path
    if context.invoked_subcommand:
        return 0
    return _list_conflicts(library_path, None, is_full=False)


@conflicts.command(epilog="\b\nExamples:\n  cite sync conflicts show smith2020atlas\n")
@click.argument("key", required=False, shell_complete=complete_key)
@library_option
@global_options
@click.pass_context
def show(context: click.Context, key: str | None, library_path: str | None) -> int:
    """Print base, ours and theirs of the open conflicts."""
    return _list_conflicts(library_path or context.meta.get("citeworks.library"), key, is_full=True)


@conflicts.command(
    epilog="\b\nExamples:\n  cite sync conflicts resolve smith2020atlas title --prefer ours\n"
)
@click.argument("key", shell_complete=complete_key)
@click.argument("variable", required=False)
@click.option(
    "--prefer", type=click.Choice(["ours", "theirs", "newest"]), required=True, help="Who is right."
)
@library_option
@global_options
@click.pass_context
def resolve(
    context: click.Context, key: str, variable: str | None, prefer: str, library_path: str | None
) -> int:
    """Settle the conflicts of a record, or of one variable; the next run sends the result."""
    from citeworks.sync.conflicts import variable_of
    from citeworks.workflows.sync import settle_conflicts

    library_path = library_path or context.meta.get("citeworks.library")
    with open_setup(library_path) as setup:
        found = _open_conflicts(setup, key)
        if variable and not any(each.variable == variable for each in found):
            names = ", ".join(str(each.variable) for each in found)
            raise InputError(f"no open conflict in {variable!r} of {key}", hint=f"open: {names}")
        keys = {each.zotero_key for each in found}
        preference = _preference(prefer, setup)

        def only(row: Row, name: str | None) -> Side | None:
            kind = str((row.data or {}).get("itemType"))
            is_meant = variable is None or (name and variable_of(name, kind) == variable)
            return preference(row, name) if row.key in keys and is_meant else None

        plan = settle_conflicts(setup, only, Report())
    left = [each for each in plan.conflicts if each.zotero_key in keys]
    say(f"settled {len(found) - len(left)} of {len(found)} conflicts of {key}")
    return REFUSED if plan.conflicts else 0


def _open_conflicts(setup: Setup, key: str | None) -> list[Any]:
    """The conflicts as the state knows them; asks no server. InputError if the key has none."""
    from citeworks.nearest import did_you_mean
    from citeworks.workflows.sync import known_conflicts

    found = known_conflicts(setup)
    if key is None:
        return found
    chosen = [each for each in found if key in (each.id, each.zotero_key)]
    if not chosen:
        raise InputError(
            f"no open conflict in {key!r}",
            hint=did_you_mean(key, [each.id for each in found])
            or "`cite sync conflicts` lists them",
        )
    return chosen


def _list_conflicts(library_path: str | None, key: str | None, *, is_full: bool) -> int:
    from citeworks.cli.sync_report import print_conflict

    with open_setup(library_path, is_dry=True) as setup:
        found = _open_conflicts(setup, key)
    for conflict in sorted(found, key=lambda each: (each.id, each.variable or "")):
        print_conflict(conflict, is_full=is_full)
    return REFUSED if found else 0


@command.command(epilog="\b\nExamples:\n  cite sync undo --dry-run\n")
@library_option
@click.option("--dry-run", is_flag=True, help="Change nothing; print what would be taken back.")
@global_options
def undo(library_path: str | None, dry_run: bool) -> int:
    """Take back the last run, on both sides."""
    from citeworks.cli.sync_report import print_undo
    from citeworks.workflows.undo import last_run, plan_undo
    from citeworks.workflows.undo import undo as take_back

    report = Report()
    with open_setup(library_path, is_dry=dry_run) as setup:
        run = last_run(setup)
        if run is None:
            say("there is no run to take back")
            return 0
        undoing = plan_undo(setup, run)
        if dry_run:
            print_undo(undoing, setup)
            return FINDINGS
        with _told(report, setup):
            take_back(setup, undoing, report)
    say(f"took back run {run.number}")
    return FAILED if report.failures else 0


@command.command(epilog="\b\nExamples:\n  cite sync log\n")
@library_option
@global_options
def log(library_path: str | None) -> int:
    """List the runs that changed something, the latest first."""
    from citeworks.cli.sync_report import print_run

    with open_setup(library_path, is_dry=True) as setup:
        for run in setup.state.runs():
            print_run(run)
    return 0


@command.command(epilog="\b\nExamples:\n  cite sync losses --json\n")
@click.option("--json", "as_json", is_flag=True, help="Every pair, as a JSON array.")
@library_option
@global_options
def losses(as_json: bool, library_path: str | None) -> int:
    """List what does not survive Zotero: pairs of type and variable, or values of the library."""
    from citeworks.csl_json import dump_json
    from citeworks.sync.losses import losses as all_losses
    from citeworks.sync.losses import losses_of_some, lost_in

    if as_json:
        pairs = [{"type": kind, "variable": variable} for kind, variable in all_losses()]
        pairs += [
            {"type": kind, "variable": variable, "values": words}
            for kind, variable, words in losses_of_some()
        ]
        sys.stdout.write(dump_json(sorted(pairs, key=lambda each: tuple(each.values()))))
        return 0
    from citeworks.cli.library import open_library

    for key, variable in lost_in(open_library(library_path).library.values()):
        sys.stdout.write(f"{key}  {variable}\n")
    return 0
