"""WhiteNoise, which sends a file in each of the encodings that we keep copies in."""

from typing import Any
from wsgiref.headers import Headers

from whitenoise import WhiteNoise
from whitenoise.responders import StaticFile

from gymserver.cache import ENCODINGS


class Encoded(WhiteNoise):  # type: ignore[misc]
    """WhiteNoise itself knows gzip and Brotli. Of what a browser takes the smallest is sent."""

    def get_static_file(self, path: str, url: str, stat_cache: Any = None) -> StaticFile:
        """Returns what answers for the file at `path`, which is there."""
        headers = Headers([])
        self.add_mime_headers(headers, path, url)
        self.add_cache_headers(headers, path, url)
        copies = {encoding: path + suffix for encoding, suffix in ENCODINGS.items()}
        return StaticFile(path, headers.items(), encodings=copies, stat_cache=stat_cache)

    @staticmethod
    def is_compressed_variant(path: str, stat_cache: Any) -> bool:
        """Tells whether a file is such a copy, which has no address of its own."""
        whole, dot, suffix = path.rpartition(".")
        return dot + suffix in ENCODINGS.values() and whole in stat_cache
