"""What the environments leave in `sys.modules` and in the shared generators is put back."""

from tests.unit.worker.snapshot.conftest import put_back

__all__ = ["put_back"]
