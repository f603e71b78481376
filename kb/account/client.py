"""The client of the account API: where requests may go, how long they may take, and what its errors mean."""

import json
import ssl
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace
from functools import cache
from typing import Any, Literal
from urllib.parse import urlsplit

import httpx

from kb.errors import AccountError, Forbidden, SignedOut, Unreachable
from kb.words import words

BASES = ("api", "load_balancer", "database", "backup")
CONNECT_AND_READ = 5.0  # seconds that one connect, one read, one write may take
PER_CHECK = 25.0  # seconds that everything one check asks may take together
BACK_OFF = (0.25, 0.75)  # seconds before the second and third attempt of a read
LARGEST = 32 * 1024 * 1024  # bytes of an answer that we are ready to hold
REDIRECTS = 3

_UNREACHABLE = words("The account API could not be reached. Try again in a few minutes.")
_LATE = words("The account API did not answer in time. Try again in a few minutes.")


@dataclass(frozen=True, slots=True)
class Answer:
    """What came of one request that changes something. `data` is the JSON body, None if there is none."""

    fate: Literal["answered", "not sent", "no answer"]
    status: int = 0
    data: Any = None

    @property
    def accepted(self) -> bool:
        """Whether the API says that it did it or will do it."""
        return 200 <= self.status < 300

    @property
    def message(self) -> str:
        """The API's own words about what is wrong, "" if it gave none."""
        return api_message(self.data)


@dataclass(frozen=True)
class Client:
    """Reads and changes one account with one bearer token. Safe to use from several threads; close it after use.

    `bases` maps `api`, `load_balancer`, `database`, `backup` to origins with their path prefix. The token is sent to
    these and nowhere else. `finish_by` is the moment on `clock` (seconds) after which nothing more is asked.
    """

    bases: Mapping[str, str]
    http: httpx.Client = field(repr=False)
    token: str = field(default="", repr=False)
    finish_by: float | None = None
    sleep: Callable[[float], None] = field(default=time.sleep, repr=False)
    clock: Callable[[], float] = field(default=time.monotonic, repr=False)

    def within(self, seconds: float = PER_CHECK) -> "Client":
        """The same client, but everything asked through it must be over in this time."""
        return replace(self, finish_by=self.clock() + seconds)

    def has(self, base: str) -> bool:
        """Whether this library says where that part of the API lives."""
        return bool(self.bases.get(base))

    def close(self) -> None:
        """Close the connections."""
        self.http.close()

    def read(self, path: str, base: str = "api") -> Any:
        """GET a path or href of that base; its JSON, None if it answers 404 or nothing.

        Tries again after lost connections, silence, 429 and 5xx. Raises SignedOut, Forbidden, Unreachable, or
        AccountError for any other answer.
        """
        response = self._read_patiently(self.locate(path, base))
        if response.status_code == 404:
            return None
        _raise_for(response)
        return _data(response)

    def must_read(self, path: str, base: str = "api") -> Any:
        """As `read`, but a 404 is an AccountError too: the thing must be there."""
        data = self.read(path, base)
        if data is None:
            raise AccountError(words("The account API has nothing at {path}.", path=urlsplit(path).path))
        return data

    def read_list(self, path: str, base: str = "api") -> list[Any]:
        """As `must_read`, for what must be a list: anything else would look like an empty one."""
        return as_list(self.must_read(path, base))

    def change(self, method: str, path: str, base: str = "api", body: Any = None) -> Answer:
        """Send one request that changes something, once; what came of it is in the answer.

        Raises SignedOut, and AccountError when the base is not configured.
        """
        try:
            response = self._send(method, self.locate(path, base), body)
        except (httpx.ConnectError, httpx.ConnectTimeout, httpx.PoolTimeout, httpx.UnsupportedProtocol, _TooLate):
            return Answer("not sent")
        except (httpx.HTTPError, Unreachable):
            return Answer("no answer")
        if response.status_code == 401:
            raise _signed_out()
        return Answer("answered", response.status_code, _data(response))

    def locate(self, href: str, base: str = "api") -> httpx.URL:
        """Where a path or href lives on our own base: of an absolute href only path and query count.

        Raises AccountError when the base is not configured or no address.
        """
        if not self.has(base):
            raise AccountError(f"No address is configured for {base} in [account.bases].")
        parts = urlsplit(href)
        query = f"?{parts.query}" if parts.query else ""
        try:
            return httpx.URL(f"{self.bases[base].rstrip('/')}/{parts.path.lstrip('/')}{query}")
        except httpx.InvalidURL:
            raise AccountError(f"The address of {base} in [account.bases] is not valid.") from None

    def _read_patiently(self, url: httpx.URL) -> httpx.Response:
        """A silent API is asked twice at most, a failing one three times."""
        silences = 0
        for pause in (*BACK_OFF, None):
            got = self._attempt(url)
            if isinstance(got, httpx.Response) and got.status_code != 429 and got.status_code < 500:
                return got
            silences += isinstance(got, httpx.TimeoutException)
            if pause is None or silences > 1 or self._left() <= pause:
                break
            self.sleep(pause)
        if isinstance(got, httpx.Response):
            raise Unreachable(
                words(
                    "The account API answered with a fault ({status_code}). Try again later.",
                    status_code=got.status_code,
                )
            )
        raise Unreachable(_LATE if isinstance(got, httpx.TimeoutException) else _UNREACHABLE) from got

    def _attempt(self, url: httpx.URL) -> httpx.Response | httpx.HTTPError:
        try:
            return self._follow(url)
        except _TooLate:
            raise Unreachable(_LATE) from None
        except httpx.HTTPError as error:
            return error

    def _follow(self, url: httpx.URL) -> httpx.Response:
        """GET and follow redirects within the same origin; the token goes nowhere else."""
        for _ in range(REDIRECTS):
            response = self._send("GET", url)
            if not response.has_redirect_location:
                return response
            target = url.join(response.headers["location"])
            if _origin(target) != _origin(url):
                raise AccountError(words("The account API sent us to another place, which we refuse."))
            url = target
        raise AccountError(words("The account API sent us in circles."))

    def _send(self, method: str, url: httpx.URL, body: Any = None) -> httpx.Response:
        """One request, read to its end within the time that is left. Raises httpx.HTTPError, _TooLate, Unreachable."""
        left = self._left()
        if left <= 0:
            raise _TooLate
        headers = {"Authorization": f"Bearer {self.token}"} if self.token else {}
        timeout = httpx.Timeout(min(CONNECT_AND_READ, left))
        request = self.http.build_request(method, url, json=body, headers=headers, timeout=timeout)
        response = self.http.send(request, stream=True)
        try:
            content = bytearray()
            for chunk in response.iter_bytes():
                content += chunk
                if len(content) > LARGEST or self._left() <= 0:
                    raise Unreachable(_LATE)
        finally:
            response.close()
        kept = {name: value for name, value in response.headers.items() if name == "location"}
        return httpx.Response(response.status_code, headers=kept, content=bytes(content), request=request)

    def _left(self) -> float:
        return float("inf") if self.finish_by is None else self.finish_by - self.clock()


class _TooLate(Exception):
    """Nothing was sent because the time for this check is over."""


def connect(
    bases: Mapping[str, str],
    token: str = "",
    transport: httpx.BaseTransport | None = None,
    sleep: Callable[[float], None] = time.sleep,
    clock: Callable[[], float] = time.monotonic,
) -> Client:
    """A client for these bases. Proxies and .netrc of the environment are ignored: the token goes to `bases` only."""
    headers = {"Accept": "application/json", "User-Agent": "kb"}
    verify = True if transport else _trust()
    http = httpx.Client(headers=headers, transport=transport, trust_env=False, follow_redirects=False, verify=verify)
    return Client({name: base for name, base in bases.items() if base}, http, token, sleep=sleep, clock=clock)


@cache
def _trust() -> ssl.SSLContext:
    """The certificates that we trust; reading them takes longer than most requests, so once."""
    return httpx.create_ssl_context(trust_env=False)


def as_list(data: Any) -> list[Any]:
    """The same list. Raises AccountError for anything else."""
    if not isinstance(data, list):
        raise AccountError(words("The account API's answer could not be understood."))
    return data


def api_message(data: Any) -> str:
    """What an error body of the API says to people: `modelState`, then `message`, then `error`; "" if nothing."""
    if not isinstance(data, dict):
        return ""
    by_name = {str(key).lower(): value for key, value in data.items()}
    state = by_name.get("modelstate")
    if isinstance(state, dict):
        texts = [text for value in state.values() for text in (value if isinstance(value, list) else [value])]
        return " ".join(str(text) for text in texts)
    message = by_name.get("message") or by_name.get("errormessage") or by_name.get("error")
    return message if isinstance(message, str) else ""


def _raise_for(response: httpx.Response) -> None:
    status = response.status_code
    said = api_message(_data(response))
    if status == 401:
        raise _signed_out()
    if status == 403:
        raise Forbidden(said or words("Your roles do not allow this."))
    if status >= 300:
        raise AccountError(said or words("The account API answered {status}, which we did not expect.", status=status))


def _signed_out() -> SignedOut:
    return SignedOut(words("You are signed out of the account. Sign in again."))


def _data(response: httpx.Response) -> Any:
    try:
        return json.loads(response.content)
    except (ValueError, RecursionError):
        return None


def _origin(url: httpx.URL) -> tuple[str, str, int | None]:
    return url.scheme, url.host, url.port
