"""A store in a bucket that speaks the S3 protocol: Amazon's, OSS, COS, MinIO, Ceph and others.

The bucket should be private, and its own versions off or short: a removed file is to be gone.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from io import BytesIO
from typing import Final

import certifi
import urllib3
from minio import Minio
from minio.error import MinioException, S3Error

from app.settings import BucketSettings
from app.vault.storage.port import KEY, FileMissing, KeptFile, StoreUnavailable

_CONNECT_SECONDS: Final = 5
_READ_SECONDS: Final = 60
_CONNECTIONS: Final = 16
# S3 takes no smaller parts than this.
_LEAST_PART: Final = 5 * 1024 * 1024
_GONE: Final = frozenset({"NoSuchKey", "NoSuchObject"})


class BucketStore:
    """Objects of one bucket, below a prefix.

    The connection is made at the first use, so that processes which were forked share none.
    """

    def __init__(self, settings: BucketSettings) -> None:
        self._bucket = settings.bucket
        self._prefix = f"{settings.prefix}/" if settings.prefix else ""
        self._client = Minio(
            settings.endpoint,
            access_key=settings.access_key,
            secret_key=settings.secret_key,
            secure=settings.is_encrypted,
            region=settings.region,
            http_client=urllib3.PoolManager(
                timeout=urllib3.Timeout(connect=_CONNECT_SECONDS, read=_READ_SECONDS),
                maxsize=_CONNECTIONS,
                cert_reqs="CERT_REQUIRED",
                ca_certs=certifi.where(),
                # A key is new and its bytes are known: sending them again does no harm.
                retries=urllib3.Retry(
                    total=3, backoff_factor=0.2, status_forcelist=[500, 502, 503, 504]
                ),
            ),
        )
        if settings.is_bucket_in_host:
            self._client.enable_virtual_style_endpoint()  # type: ignore[no-untyped-call]
        else:
            self._client.disable_virtual_style_endpoint()  # type: ignore[no-untyped-call]

    def put(self, key: str, content: bytes) -> None:
        """Send the object; the store answers when it has all of it."""
        with _saying_what_failed():
            self._client.put_object(
                self._bucket,
                self._name(key),
                BytesIO(content),
                length=len(content),
                # In one request, so that it is there as a whole or not at all.
                part_size=max(_LEAST_PART, len(content)),
            )

    def read(self, key: str) -> bytes:
        """Fetch the whole object."""
        with _saying_what_failed(key):
            answer = self._client.get_object(self._bucket, self._name(key))
            try:
                content: bytes = answer.read()
                return content
            finally:
                answer.close()
                answer.release_conn()

    def remove(self, key: str) -> None:
        """Delete the object."""
        with _saying_what_failed():
            self._client.remove_object(self._bucket, self._name(key))

    def list_files(self) -> Iterator[KeptFile]:
        """List the prefix; what somebody else put there is not ours and not listed."""
        with _saying_what_failed():
            for item in self._client.list_objects(self._bucket, self._prefix, recursive=True):
                key = str(item.object_name).removeprefix(self._prefix)
                if KEY.fullmatch(key):
                    modified = item.last_modified or datetime.now(UTC)
                    yield KeptFile(key, item.size or 0, modified)

    def _name(self, key: str) -> str:
        """How the object is called. Raises ValueError for what is no key."""
        if not KEY.fullmatch(key):
            raise ValueError(f"{key!r} is no key of a file")
        return self._prefix + key


@contextmanager
def _saying_what_failed(key: str = "") -> Iterator[None]:
    try:
        yield
    except S3Error as error:
        if error.code in _GONE:
            raise FileMissing(key) from error
        raise StoreUnavailable(f"the store of documents answers: {error.code}") from error
    except (MinioException, urllib3.exceptions.HTTPError, OSError) as error:
        raise StoreUnavailable(
            f"the store of documents cannot be reached: {type(error).__name__}"
        ) from error
