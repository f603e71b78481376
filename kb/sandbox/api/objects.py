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
_OBJECT = "data"  # stands for everything that is in a bucket


def buckets(ask: Ask, region: str) -> Answer:
    """The buckets of the key's user in a region; those of other users do not show."""
    key = _key(ask, "GET", region, "/")
    if key is None:
        return _fault(403, "AccessDenied")
    names = "".join(
        f"<Bucket><Name>{escape(each.id)}</Name><CreationDate>{_made(each)}</CreationDate></Bucket>"
        for each in _owned(ask, key, region)
    )
    return _xml(200, f"<ListAllMyBucketsResult>{_owner(key.id)}<Buckets>{names}</Buckets></ListAllMyBucketsResult>")


def objects(ask: Ask, region: str, bucket: str) -> Answer:
    """What is in a bucket: one object that stands for all its gigabytes, or none."""
    found = _bucket(ask, "GET", region, bucket)
    if isinstance(found, Answer):
        return found
    if "location" in ask.query:
        return _xml(200, f"<LocationConstraint>{found.body.get('region', '')}</LocationConstraint>")
    size = int(float(found.body.get("gigabytes", 0)) * 1024**3)
    about = f"<LastModified>{_made(found)}</LastModified><ETag>&quot;0&quot;</ETag><Size>{size}</Size>"
    kind = f"<StorageClass>STANDARD</StorageClass>{_owner(str(found.body.get('owner', '')))}"
    contents = f"<Contents><Key>{_OBJECT}</Key>{about}{kind}</Contents>" if size else ""
    page = "<Prefix></Prefix><Marker></Marker><MaxKeys>1000</MaxKeys><IsTruncated>false</IsTruncated>"
    head = f"<Name>{escape(found.id)}</Name>{page}"
    return _xml(200, f"<ListBucketResult>{head}{contents}</ListBucketResult>")


def delete(ask: Ask, region: str, bucket: str) -> Answer:
    """Delete a bucket that is empty."""
    found = _bucket(ask, "DELETE", region, bucket)
    if isinstance(found, Answer):
        return found
    if found.body.get("gigabytes"):
        return _fault(409, "BucketNotEmpty")
    ask.world.items.remove(found.key)
    return nothing()


def delete_object(ask: Ask, region: str, bucket: str, name: str) -> Answer:
    """Delete an object; one that is not there is deleted, too."""
    found = _bucket(ask, "DELETE", region, bucket, f"/{name}")
    if isinstance(found, Answer):
        return found
    if name == _OBJECT:
        body = {**found.body, "gigabytes": 0}
        ask.world.items.put(Item(found.kind, found.id, found.alias, found.dc, body, found.created))
    return nothing()


def _bucket(ask: Ask, method: str, region: str, name: str, inside: str = "") -> Item | Answer:
    """The bucket, if it is the key's and in this region; else what to answer."""
    key = _key(ask, method, region, f"/{name}{inside}")
    if key is None:
        return _fault(403, "AccessDenied")
    for each in items.of(ask.world, items.BUCKET, key.alias):
        if each.id == name and each.body.get("owner") == key.id:
            return each if each.body.get("region") == region.lower() else _fault(307, "TemporaryRedirect")
    return _fault(404, "NoSuchBucket")


def _key(ask: Ask, method: str, region: str, path: str) -> Item | None:
    scheme, _, rest = ask.headers.get("authorization", "").partition(" ")
    name, _, signature = rest.rpartition(":")
    found = [each for each in ask.world.items.all() if each.kind == items.KEY and each.id == name]
    if scheme != "AWS" or not found or region.lower() not in REGIONS:
        return None
    asked = "?location" if "location" in ask.query else ""  # the part of the query that is signed
    bare = [path, f"/_objects/{region}{path}"]
    signed = [f"{each}{slash}{asked}" for each in bare for slash in ("", "/")]  # some put a slash behind a bucket
    secret = str(found[0].body.get("secret", ""))
    methods = (method, "HEAD") if method == "GET" else (method,)  # views of GET answer HEAD, too
    known = [_signature(ask, each, place, secret) for each in methods for place in signed]
    good = any(hmac.compare_digest(signature.encode(), each) for each in known)
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


def _owner(name: str) -> str:
    return f"<Owner><ID>{escape(name)}</ID><DisplayName>{escape(name)}</DisplayName></Owner>"


def _made(bucket: Item) -> str:
    return bucket.created.strftime("%Y-%m-%dT%H:%M:%S.000Z") if bucket.created else ""


def _fault(status: int, code: str) -> Answer:
    return _xml(status, f"<Error><Code>{code}</Code></Error>")


def _xml(status: int, text: str) -> Answer:
    return Answer(status, f'<?xml version="1.0" encoding="UTF-8"?>\n{text}'.encode(), media=_XML)


ROUTES = (
    Route("GET", "/_objects/<region>", buckets, public=True),
    Route("GET", "/_objects/<region>/<bucket>", objects, public=True, query=("location",)),
    Route("DELETE", "/_objects/<region>/<bucket>", delete, public=True),
    Route("DELETE", "/_objects/<region>/<bucket>/<name>", delete_object, public=True),
)
