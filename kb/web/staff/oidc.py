"""Signing in at the OpenID provider of the staff: code flow with PKCE, state and nonce."""

import hmac
import secrets
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from urllib.parse import quote, urlsplit

import httpx
from authlib.oauth2.rfc6749.parameters import prepare_grant_uri  # type: ignore[import-untyped]
from authlib.oauth2.rfc7636 import create_s256_code_challenge  # type: ignore[import-untyped]
from authlib.oidc.core import CodeIDToken  # type: ignore[import-untyped]
from joserfc import jwt
from joserfc.errors import JoseError
from joserfc.jwk import KeySet

from kb.access import LOOPBACK, Oidc
from kb.errors import BadCredentials, Unreachable
from kb.web.staff.sessions import LONGEST_NAME

SCOPE = "openid profile email"
ALGORITHMS = ["RS256", "RS384", "RS512", "PS256", "PS384", "PS512", "ES256", "ES384", "ES512"]
SECONDS = 10  # to wait for the provider
LEEWAY = 60  # seconds that its clock may differ


@dataclass(frozen=True, slots=True)
class Pending:
    """A sign-in that was begun: the browser keeps it, sealed, until it comes back."""

    state: str
    nonce: str
    verifier: str


@dataclass(frozen=True, slots=True)
class Provider:
    """The provider. Every method raises Unreachable, or BadCredentials if the provider's word cannot be trusted."""

    oidc: Oidc
    secret: str
    clock: Callable[[], datetime]

    def begin(self, back: str) -> tuple[str, Pending]:
        """The provider's address to send the browser to, and what to keep meanwhile; it comes `back` here."""
        pending = Pending(*(secrets.token_urlsafe(32) for _ in range(3)))
        with _client() as client:
            place = self._metadata(client)["authorization_endpoint"]
        address = prepare_grant_uri(
            place,
            client_id=self.oidc.client_id,
            response_type="code",
            redirect_uri=back,
            scope=SCOPE,
            state=pending.state,
            nonce=pending.nonce,
            code_challenge=create_s256_code_challenge(pending.verifier),
            code_challenge_method="S256",
        )
        return str(address), pending

    def finish(self, pending: Pending, sent: Mapping[str, str], back: str) -> Mapping[str, Any]:
        """The claims about who came back with `sent`."""
        if not hmac.compare_digest(sent.get("state", "").encode(), pending.state.encode()):
            raise BadCredentials("This sign-in was not begun in this browser. Begin again.")
        if sent.get("iss", self.oidc.issuer) != self.oidc.issuer:
            raise BadCredentials("Another provider answered. Begin again.")
        if "code" not in sent:
            raise BadCredentials("The provider did not let you in. Begin again.")
        with _client() as client:
            metadata = self._metadata(client)
            token = self._token(client, metadata, sent["code"], pending.verifier, back)
            keys = _json(_ask(client, "GET", metadata["jwks_uri"]))
        return self._claims(token, keys, pending.nonce)

    def _metadata(self, client: httpx.Client) -> Mapping[str, str]:
        """What the provider says of itself; an address that is not as safe as the issuer's is refused."""
        found = _json(_ask(client, "GET", f"{self.oidc.issuer.rstrip('/')}/.well-known/openid-configuration"))
        places = [str(found.get(name)) for name in ("authorization_endpoint", "token_endpoint", "jwks_uri")]
        if found.get("issuer") != self.oidc.issuer or not all(_safe(place) for place in places):
            raise Unreachable("The provider's own description names another issuer, or unsafe addresses.")
        return found

    def _token(self, client: httpx.Client, metadata: Mapping[str, Any], code: str, verifier: str, back: str) -> str:
        form = {"grant_type": "authorization_code", "code": code, "redirect_uri": back, "code_verifier": verifier}
        who = (quote(self.oidc.client_id, safe=""), quote(self.secret, safe=""))
        ways = metadata.get("token_endpoint_auth_methods_supported", ["client_secret_basic"])
        if "client_secret_basic" in ways:
            answer = _ask(client, "POST", metadata["token_endpoint"], data=form, auth=who)
        else:
            form |= {"client_id": self.oidc.client_id, "client_secret": self.secret}
            answer = _ask(client, "POST", metadata["token_endpoint"], data=form)
        token = _json(answer).get("id_token")
        if not isinstance(token, str):
            raise BadCredentials("The provider gave no word about who you are. Begin again.")
        return token

    def _claims(self, token: str, keys: Mapping[str, Any], nonce: str) -> Mapping[str, Any]:
        wanted = {
            "iss": {"essential": True, "value": self.oidc.issuer},
            "aud": {"essential": True, "value": self.oidc.client_id},
        }
        try:
            read = jwt.decode(token, KeySet.import_key_set(keys), algorithms=ALGORITHMS)  # type: ignore[arg-type]
            claims = CodeIDToken(read.claims, read.header, wanted, {"nonce": nonce, "client_id": self.oidc.client_id})
            claims.validate(int(self.clock().timestamp()), LEEWAY)
        except (JoseError, ValueError, TypeError, KeyError) as error:
            raise BadCredentials(f"The provider's word about you is not valid ({type(error).__name__}).") from error
        return dict(claims)


def user_of(oidc: Oidc, claims: Mapping[str, Any]) -> str:
    """Who it is; an e-mail address counts only if the provider has verified it. Raises BadCredentials."""
    user = claims.get(oidc.user)
    if not isinstance(user, str) or not 0 < len(user) <= LONGEST_NAME or not user.isprintable():
        raise BadCredentials(f"The provider did not say {oidc.user} of you.")
    if oidc.user == "email" and claims.get("email_verified") is not True:
        raise BadCredentials("The provider has not verified your e-mail address.")
    return user


def groups_of(oidc: Oidc, claims: Mapping[str, Any]) -> tuple[str, ...]:
    """The values of the claim that roles are given by, as far as `kb.toml` knows them."""
    said = claims.get(oidc.claim)
    values = said if isinstance(said, list) else [said]
    return tuple(value for value in values if isinstance(value, str) and value in oidc.claims)


def _client() -> httpx.Client:
    return httpx.Client(timeout=SECONDS, follow_redirects=False, headers={"Accept": "application/json"})


def _ask(client: httpx.Client, method: str, address: str, **how: Any) -> httpx.Response:
    try:
        return client.request(method, address, **how)
    except (httpx.HTTPError, httpx.InvalidURL) as error:
        raise Unreachable("The provider for sign-ins does not answer. Try again in a minute.") from error


def _json(answer: httpx.Response) -> dict[str, Any]:
    try:
        found = answer.raise_for_status().json()
    except (httpx.HTTPStatusError, ValueError) as error:
        raise Unreachable("The provider for sign-ins did not answer as it should. Begin again.") from error
    if not isinstance(found, dict):
        raise Unreachable("The provider for sign-ins did not answer as it should. Begin again.")
    return found


def _safe(address: str) -> bool:
    parts = urlsplit(address)
    return parts.scheme == "https" or (parts.scheme == "http" and parts.hostname in LOOPBACK)
