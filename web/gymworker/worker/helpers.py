"""The modules beside an environment's file, which its code imports by name. Runs in the worker.

    helpers = Helpers({"rules.py": text, "art/__init__.py": text}, "envs/")
    helpers.install()  # import rules, art

The page sends their text along with the code. They go with it: another environment has its own.
"""

import importlib
import linecache
import re
import sys
from contextlib import contextmanager
from importlib.machinery import ModuleSpec

from ..errors import ProtocolError

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping, Sequence
    from types import ModuleType
    from typing import Any


class Helpers:
    """Finds and loads the modules; it is asked last, so that what is installed wins.

    Args:
        files: the text of each by its name, relative to the folder, with forward slashes.
        folder: that they lie in, with a slash at its end, as tracebacks show it.

    Attributes:
        names: what is in each of those that were imported, by the module's name.

    Raises:
        ProtocolError: they are something else.
    """

    def __init__(self, files: "Mapping[str, str]", folder: str = "") -> None:
        for name, text in files.items():
            if not isinstance(text, str) or not str(name).endswith(".py"):
                raise ProtocolError(
                    f"expected files to be texts by name, such as 'rules.py', got {name!r:.80}: "
                    f"{type(text).__name__}"
                )
        self._files = {folder + name: text for name, text in files.items()}
        self._folder = folder
        for file, text in self._files.items():  # also for the traceback of one that fails
            remember_lines(file, text)
        self.names: dict[str, dict[str, Any]] = {}
        self._found: set[str] = set()  # names, also of folders without `__init__.py`
        self._modules: dict[str, ModuleType] = {}

    def install(self) -> None:
        """Let imports find them, and those that were imported before they were removed."""
        sys.meta_path.append(self)
        sys.modules.update(self._modules)

    def remove(self) -> None:
        """Forget them, until they are installed again."""
        if self in sys.meta_path:
            sys.meta_path.remove(self)
        for name in self._found & sys.modules.keys():
            if self._modules.setdefault(name, sys.modules[name]) is sys.modules[name]:
                del sys.modules[name]

    @contextmanager
    def in_place(self) -> "Iterator[None]":
        """Let their names mean these, where another environment has modules of the same names."""
        before = {name: sys.modules.get(name) for name in self._modules}
        sys.modules.update(self._modules)
        try:
            yield
        finally:
            for name, module in before.items():
                if module is not None and name in self._modules:
                    sys.modules[name] = module

    def load(self, names: "Iterable[str]") -> None:
        """Import those of these names that nobody has imported yet."""
        for name in names:
            importlib.import_module(name)

    def forget(self, names: "Iterable[str]") -> None:
        """Let it be as if nobody had imported these."""
        for name in names:
            module = self._modules.pop(name)
            del self.names[name]
            sys.modules.pop(name, None)
            package, _, last = name.rpartition(".")
            held = vars(sys.modules[package]) if package in sys.modules else {}
            if held.get(last) is module:
                del held[last]

    def find_spec(
        self,
        name: str,
        path: "Sequence[str] | None" = None,
        target: "ModuleType | None" = None,
    ) -> "ModuleSpec | None":
        """Return what is needed to import one of them, None for any other name."""
        spec = self._spec(name)
        if spec is not None:
            self._found.add(name)
        return spec

    def create_module(self, spec: ModuleSpec) -> None:
        """Leave that to Python."""

    def exec_module(self, module: "ModuleType") -> None:
        """Run the code of a module."""
        file = str(module.__file__)
        exec(compile(self._files[file], file, "exec", dont_inherit=True), module.__dict__)
        name = module.__name__
        self.names[name] = module.__dict__
        self._modules[name] = sys.modules.get(name, module)  # one may put another thing there

    def get_source(self, name: str) -> str | None:
        """Return the text of a module, for ``inspect``."""
        spec = self._spec(name)
        return self._files.get(str(spec.origin)) if spec is not None else None

    def _spec(self, name: str) -> "ModuleSpec | None":
        place = self._folder + name.replace(".", "/")
        for file in (place + "/__init__.py", place + ".py"):
            if file in self._files:
                loader: Any = self
                package = file != place + ".py"
                spec = ModuleSpec(name, loader, origin=file, is_package=package)
                spec.has_location = True  # which gives the module its `__file__`
                return spec
        if any(file.startswith(place + "/") for file in self._files):  # without `__init__.py`
            return ModuleSpec(name, None, is_package=True)
        return None


def remember_lines(file_name: str, text: str) -> None:
    """Let tracebacks show the lines of a text, as Python counts them.

    Not by ``str.splitlines``, which splits at form feeds too.
    """
    lines = re.findall(r"[^\n]*\n|[^\n]+", text.replace("\r\n", "\n").replace("\r", "\n"))
    linecache.cache[file_name] = (len(text), None, lines, file_name)
