"""The command `check`."""

import os
import tempfile
from collections.abc import Callable, Sequence
from contextlib import ExitStack
from pathlib import Path

from gymserver.doctor.doctor import Doctor
from gymserver.doctor.pythons import cpython, lay_out, pyodide
from gymserver.doctor.report import Report, as_json, table
from gymserver.doctor.targets import Target
from gymserver.errors import StartError
from gymserver.runtime import read_lock
from gymserver.settings import Settings
from gymserver.site import ROOT, Site

Say = Callable[[str], None]


def check(names: Sequence[str], say: Say, *, data: bool = False, web: Path = ROOT / "web") -> int:
    """Tries environments and prints what was found; returns the exit status.

    Args:
        names: files, or ids of Gymnasium's; none for all that the site offers.
        say: is told what happens, a line at a time.
        data: print JSON in the place of a table.
        web: the folder of the site.

    Raises:
        StartError: `pyscript.toml` or one of the files cannot be read.
    """
    settings = Settings.read(web)
    names = names or [os.path.relpath(web / each["file"]) for each in settings.environments]
    site: Site | None = None
    try:
        site = Site.prepare(web, with_snapshot=False, say=say)
        reason = ""
    except StartError as error:
        reason = str(error)
    reports: list[Report] = []
    with ExitStack() as stack:
        work = Path(stack.enter_context(tempfile.TemporaryDirectory(ignore_cleanup_errors=True)))
        laid = work / "site"
        laid.mkdir()
        taken = lay_out(settings, laid)
        targets = [Target.of(name, web, taken) for name in names]
        pythons, absent, packages = [stack.enter_context(cpython(work, laid))], {}, {}
        try:
            if site is None:
                raise StartError(reason)
            pythons.append(stack.enter_context(pyodide(site, work, laid)))
            packages = packages_by_module(site)
        except StartError as error:
            absent["Pyodide"] = str(error)
        doctor = Doctor(pythons, absent, packages, say)
        for target in targets:
            reports.append(doctor.examine(target))
            if not data:
                print(table(reports[-1:]), flush=True)
    if data:
        print(as_json(reports))
    return 0 if all(report.ok for report in reports) else 1


def packages_by_module(site: Site) -> dict[str, str]:
    """Returns the package of each module that Pyodide knows of and that is called otherwise."""
    assert site.runtime
    known = read_lock(site.runtime)["packages"].values()
    found = ((module, entry["name"]) for entry in known for module in entry.get("imports", ()))
    return {module: name for module, name in found if module != name and "." not in module}
