"""Asks addresses of the web whether they lead anywhere: HEAD, then GET, a few at once, fewer at one host.

No request is sent before all addresses of its host were looked at, on every redirect anew, and it is sent to the
very address that was looked at: a name that resolves differently a moment later changes nothing.
"""

import asyncio
import re
from collections import defaultdict
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime

import httpx

from kb.cli.outside.address import NoSuchHost, PrivateHost, addresses_of
from kb.cli.outside.answer import Answer, Manners

_GONE = (404, 410)
_BUSY = (429, 503)
_PERMANENT = (301, 308)
_REDIRECTS = (301, 302, 303, 307, 308)
_ERRNO = re.compile(r"^\[Errno -?\d+\] ")
_TRIES = 2  # addresses of one host


@dataclass(frozen=True, slots=True)
class _Reply:
    """What a server said, as far as it matters."""

    status: int
    location: str = ""
    wait: float | None = None  # seconds


def ask_all(addresses: Iterable[str], manners: Manners, told: Callable[[str, Answer], None]) -> None:
    """Ask each of these addresses; `told` is called with each answer as it comes. Raises nothing."""
    asyncio.run(_ask_all(list(addresses), manners, told))


async def _ask_all(addresses: list[str], manners: Manners, told: Callable[[str, Answer], None]) -> None:
    # No connection is kept: two names at one IP address must not share one, nor its certificate.
    limits = httpx.Limits(max_keepalive_connections=0)
    headers = {"User-Agent": manners.user_agent, "Accept": "*/*"}
    async with httpx.AsyncClient(
        timeout=manners.seconds, limits=limits, headers=headers, trust_env=False, follow_redirects=False
    ) as client:
        asker = _Asker(client, manners)

        async def ask(address: str) -> None:
            told(address, await asker.ask(address))

        await asyncio.gather(*(ask(address) for address in addresses))


class _Asker:
    """Asks address after address within the limits."""

    def __init__(self, client: httpx.AsyncClient, manners: Manners) -> None:
        self._client = client
        self._manners = manners
        self._total = asyncio.Semaphore(manners.at_once)
        self._hosts: dict[str, asyncio.Semaphore] = defaultdict(lambda: asyncio.Semaphore(manners.per_host))
        self._not_before: dict[str, float] = defaultdict(float)  # host -> time of the loop's clock

    async def ask(self, address: str) -> Answer:
        try:
            return await self._follow(httpx.URL(address))
        except PrivateHost as error:
            return Answer("refused", f"leads to {error}, which is not on the public internet; it was not asked")
        except NoSuchHost as error:
            return Answer("broken", f"names the host {error}, which does not exist")
        except (httpx.TimeoutException, TimeoutError):
            return Answer("unreachable", f"gave no answer in {self._manners.seconds:g} seconds")
        except httpx.TooManyRedirects:
            return Answer("unreachable", f"redirects more than {self._manners.redirects} times")
        except (httpx.HTTPError, OSError) as error:
            return Answer("unreachable", f"cannot be reached: {_ERRNO.sub('', str(error)) or type(error).__name__}")
        except (httpx.InvalidURL, ValueError):
            return Answer("broken", "is not an address that can be asked")

    async def _follow(self, first: httpx.URL) -> Answer:
        url = lasting = first
        for _ in range(self._manners.redirects + 1):
            reply = await self._polite(url)
            if reply.status not in _REDIRECTS or not reply.location:
                return _judged(reply, first, lasting)
            there = url.join(reply.location)
            if there.scheme not in ("http", "https"):
                return Answer("unreachable", f"redirects to {str(there)[:200]}")
            lasting = there if lasting == url and reply.status in _PERMANENT else lasting
            url = there
        raise httpx.TooManyRedirects("")

    async def _polite(self, url: httpx.URL) -> _Reply:
        """The reply to HEAD or else GET; where the server asks us to wait a little, asked once again after that."""
        async with self._hosts[url.host]:
            reply = await self._when_free(url)
            if reply.status in _BUSY and reply.wait is not None and reply.wait <= self._manners.patience:
                self._not_before[url.host] = _clock() + reply.wait
                reply = await self._when_free(url)
            await asyncio.sleep(self._manners.pause)
            return reply

    async def _when_free(self, url: httpx.URL) -> _Reply:
        """Waits for what the host asked for first, so that a busy one does not hold the others up."""
        await asyncio.sleep(max(self._not_before[url.host] - _clock(), 0))
        async with self._total:
            return await self._reply(url)

    async def _reply(self, url: httpx.URL) -> _Reply:
        """Of HEAD; many servers do not know it, so a refusal counts only as an answer to GET."""
        reply = await self._sent("HEAD", url)
        return reply if reply.status < 400 or reply.status in _BUSY else await self._sent("GET", url)

    async def _sent(self, method: str, url: httpx.URL) -> _Reply:
        if not url.host:
            raise httpx.InvalidURL("no host")
        port = url.port or (443 if url.scheme == "https" else 80)
        async with asyncio.timeout(3 * self._manners.seconds):  # also for a server that sends a byte now and then
            found = await addresses_of(url.host, port, self._manners.may_ask)
            *others, last = found[:_TRIES]
            for address in others:
                try:
                    return await self._sent_to(address, method, url)
                except (httpx.ConnectError, httpx.ConnectTimeout):
                    continue
            return await self._sent_to(last, method, url)

    async def _sent_to(self, address: str, method: str, url: httpx.URL) -> _Reply:
        there = url.copy_with(host=address, userinfo=b"", fragment=None)
        async with self._client.stream(
            method,
            there,
            headers={"Host": url.netloc.decode("ascii")},
            extensions={"sni_hostname": url.raw_host.decode("ascii")},
        ) as response:
            return _Reply(
                response.status_code, response.headers.get("location", ""), _wait(response.headers.get("retry-after"))
            )


def _clock() -> float:
    return asyncio.get_running_loop().time()


def _judged(reply: _Reply, first: httpx.URL, lasting: httpx.URL) -> Answer:
    if reply.status in _GONE:
        return Answer("broken", f"answers {reply.status}: nothing is there")
    if reply.status >= 400:
        return Answer("unreachable", f"answers {reply.status}")
    return Answer("moved", "has moved for good", str(lasting)) if lasting != first else Answer("fine")


def _wait(text: str | None) -> float | None:
    """Seconds that a Retry-After asks for: a number, or a date. None if it says nothing that can be understood."""
    if text is None:
        return None
    if text.strip().isdecimal():
        return float(text.strip()[:9])
    try:
        then = parsedate_to_datetime(text)
        return max((then.replace(tzinfo=then.tzinfo or UTC) - datetime.now(UTC)).total_seconds(), 0)
    except (ValueError, TypeError, OverflowError):
        return None
