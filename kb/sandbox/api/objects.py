"""The object-storage hosts, under `/_objects/<region>`: which buckets there are, for who holds an access key.

A request is signed as S3 version 2 wants it; the path may be signed with or without our prefix.
"""

import base64
import hashlib
import hmac
from collections.abc import Iterator
from xml.sax.saxutils import escape

from kb.sandbox.api.ask import Ask
from kb.sandbox.api.reply import Answer, nothing
from kb.sandbox.api.route import Route
from kb.sandbox.world import items
from kb.sandbox.world.records import Item

REGIONS = ("canada", "useast")

_XML = "application/xml"


def buckets(ask: Ask, region: str) -> Answer:
    """The buckets of the key's user in a region; those of other users do not show."""
    key = _key(ask, "GET", region, "/")
    if key is None:
        return _fault(403, "AccessDenied")
    names = "".join(
        f"<Bucket><Name>{escape(each.id)}</Name><CreationDate>{_made(each)}</CreationDate></Bucket>"
        for each in _owned(ask, key, region)
    )
    owner = f"<Owner><ID>{escape(key.id)}</ID><DisplayName>{escape(key.id)}</DisplayName></Owner>"
    return _xml(200, f"<ListAllMyBucketsResult>{owner}<Buckets>{names}</Buckets></ListAllMyBucketsResult>")


def delete(ask: Ask, region: str, bucket: str) -> Answer:
    """Delete a bucket; there are no objects here."""
    key = _key(ask, "DELETE", region, f"/{bucket}")
    if key is None:
        return _fault(403, "AccessDenied")
    for each in items.of(ask.world, items.BUCKET, key.alias):
        if each.id == bucket and each.body.get("owner") == key.id:
            if each.body.get("region") != region.lower():
                return _fault(307, "TemporaryRedirect")
            ask.world.items.remove(each.key)
            return nothing()
    return _fault(404, "NoSuchBucket")


def _key(ask: Ask, method: str, region: str, path: str) -> Item | None:
    scheme, _, rest = ask.headers.get("authorization", "").partition(" ")
    name, _, signature = rest.rpartition(":")
    found = [each for each in ask.world.items.all() if each.kind == items.KEY and each.id == name]
    if scheme != "AWS" or not found or region.lower() not in REGIONS:
        return None
    signed = [path, f"/_objects/{region}{path}"]
    secret = str(found[0].body.get("secret", ""))
    good = any(hmac.compare_digest(signature.encode(), _signature(ask, method, each, secret)) for each in signed)
    return found[0] if good else None


def _signature(ask: Ask, method: str, path: str, secret: str) -> bytes:
    amazon = "".join(f"{name}:{value}\n" for name, value in sorted(ask.headers.items()) if name.startswith("x-amz-"))
    when = "" if "x-amz-date" in ask.headers else ask.headers.get("date", "")
    parts = (method, ask.headers.get("content-md5", ""), ask.headers.get("content-type", ""), when)
    text = "\n".join(parts) + "\n" + amazon + path
    return base64.b64encode(hmac.new(secret.encode(), text.encode(), hashlib.sha1).digest())


def _owned(ask: Ask, key: Item, region: str) -> Iterator[Item]:
    for each in items.of(ask.world, items.BUCKET, key.alias):
        if each.body.get("owner") == key.id and each.body.get("region") == region.lower():
            yield each


def _made(bucket: Item) -> str:
    return bucket.created.strftime("%Y-%m-%dT%H:%M:%S.000Z") if bucket.created else ""


def _fault(status: int, code: str) -> Answer:
    return _xml(status, f"<Error><Code>{code}</Code></Error>")


def _xml(status: int, text: str) -> Answer:
    return Answer(status, f'<?xml version="1.0" encoding="UTF-8"?>\n{text}'.encode(), media=_XML)


ROUTES = (
    Route("GET", "/_objects/<region>", buckets, public=True),
    Route("DELETE", "/_objects/<region>/<bucket>", delete, public=True),
)
