"""pip, told that it runs in the browser: `python browser_pip.py TOLD pip-arguments`.

`pip download --platform` chooses wheels for another machine, but judges the markers of requirements
(`; sys_platform == "win32"`) by its own, knows no dependency that is left out, refuses sources, and
keeps to itself what it saw. TOLD is a JSON object that mends this:

    markers: the browser's values, by the name of the marker
    without: normalised names of packages that nobody needs
    build: normalised names of packages that may come as source
    report: a file to write; see `seen.Seen`

Should a later pip keep its markers elsewhere, the closure check in `resolve.py` notices; should it
keep the rest elsewhere, this script fails at its first line of work.
"""

import json
import sys
from pathlib import Path
from typing import Any

from pip._internal.cli.main import main
from pip._internal.index.package_finder import LinkEvaluator, PackageFinder
from pip._internal.models.format_control import FormatControl
from pip._internal.resolution.resolvelib.provider import PipProvider
from pip._vendor.packaging import markers
from pip._vendor.packaging.utils import canonicalize_name

links: dict[str, dict[str, Any]] = {}
needs: dict[str, list[str]] = {}


def look_at_links() -> None:
    """Records what pip looks for, each file that it finds, and whether it may take it."""
    find = PackageFinder.find_all_candidates
    evaluate = LinkEvaluator.evaluate_link

    def find_all_candidates(self: PackageFinder, project_name: str) -> Any:
        links.setdefault(canonicalize_name(project_name), {})
        return find(self, project_name)

    def evaluate_link(self: LinkEvaluator, link: Any) -> Any:
        result = evaluate(self, link)
        links.setdefault(canonicalize_name(self.project_name), {})[link.filename] = {
            "taken": result[0].name == "candidate",
            "python": link.requires_python,
            "yanked": link.is_yanked,
        }
        return result

    PackageFinder.find_all_candidates = find_all_candidates  # type: ignore[method-assign]
    LinkEvaluator.evaluate_link = evaluate_link  # type: ignore[method-assign]


def leave_out(without: set[str]) -> None:
    """Records what each version of a package needs, and takes some names out of that."""
    dependencies = PipProvider.get_dependencies

    def get_dependencies(self: PipProvider, candidate: Any) -> list[Any]:
        found = [
            requirement
            for requirement in dependencies(self, candidate)
            if requirement.project_name not in without
        ]
        needs[f"{candidate.name}=={candidate.version}"] = [str(each) for each in found]
        return found

    PipProvider.get_dependencies = get_dependencies  # type: ignore[method-assign]


def allow_sources(build: set[str]) -> None:
    """Lets some packages come as source, which `--only-binary=:all:` forbids."""
    allowed = FormatControl.get_allowed_formats

    def get_allowed_formats(self: FormatControl, canonical_name: str) -> Any:
        own = allowed(self, canonical_name)
        return own | {"source"} if canonical_name in build else own

    FormatControl.get_allowed_formats = get_allowed_formats  # type: ignore[method-assign]


if __name__ == "__main__":
    told: Any = json.loads(sys.argv[1])
    markers.default_environment = lambda: told["markers"].copy()
    look_at_links()
    leave_out(set(told["without"]))
    allow_sources(set(told["build"]))
    status = main(sys.argv[2:])
    Path(told["report"]).write_text(json.dumps({"links": links, "needs": needs}), "utf-8")
    sys.exit(status)
