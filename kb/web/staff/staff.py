"""What the staff's pages work with: who may come in, who is in."""

import hashlib
import hmac
from dataclasses import dataclass

from flask import g, request
from werkzeug.wrappers import Response

from kb.access import Role, StaffSettings
from kb.errors import NotAllowed, NotFound, StaffSignedOut, UsageError
from kb.web.site import Site
from kb.web.staff.oidc import Provider
from kb.web.staff.passwords import Passwords
from kb.web.staff.roles import Member, Right, ordered
from kb.web.staff.sessions import StaffSession, StaffSessions
from kb.web.staff.users import UserFile, plain_name
from kb.web.visitor import cookie, give, take_back

STAFF = "kb_staff"


@dataclass(frozen=True, slots=True)
class Staff:
    """The staff of a site. `users` is None if the site was given no file of them."""

    settings: StaffSettings
    sessions: StaffSessions
    passwords: Passwords
    users: UserFile | None
    provider: Provider | None
    key: bytes

    def require_expected(self) -> None:
        """Raise NotFound if `kb.toml` names nobody: then there are no such pages."""
        if not self.settings.users and self.provider is None:
            raise NotFound("There is no such page on this site.")

    def member(self) -> Member | None:
        """Who of the staff asks now."""
        if "staff" not in g:
            g.staff = self._member(request.cookies.get(cookie(STAFF), ""))
        found: Member | None = g.staff
        return found

    def require(self, right: Right | None = None) -> Member:
        """Whoever asks, who must have this right. Raises StaffSignedOut, NotAllowed."""
        member = self.member()
        if member is None:
            raise StaffSignedOut("Sign in as staff first.")
        if right and not member.may(right):
            raise NotAllowed("Your role does not reach so far. Whoever looks after kb.toml can give you another one.")
        return member

    def enter(self, response: Response, session: StaffSession) -> None:
        """Sign in: always with a new key, and whoever was signed in before is not any more."""
        self.leave(response)
        give(response, STAFF, self.sessions.begin(session), None)

    def leave(self, response: Response) -> None:
        """Sign out."""
        key = request.cookies.get(cookie(STAFF))
        if key:
            self.sessions.end(key)
            take_back(response, STAFF)

    def _member(self, key: str) -> Member | None:
        session = self.sessions.find(key) if key else None
        if session is None or not self._still_there(session):
            return None
        csrf = hmac.new(self.key, f"staff-csrf:{key}".encode(), hashlib.sha256).hexdigest()
        return Member(session.way, session.user, self._roles(session), csrf)

    def _still_there(self, session: StaffSession) -> bool:
        """A local user who was removed, or has another password since, is out at once."""
        if session.way != "local":
            return self.provider is not None
        try:
            user = self.users.find(session.user) if self.users else None
        except UsageError:
            return False
        return user is not None and user.stamp == session.stamp

    def _roles(self, session: StaffSession) -> tuple[Role, ...]:
        """What `kb.toml` gives now."""
        oidc = self.settings.oidc
        if session.way == "local":
            named = {plain_name(user): roles for user, roles in self.settings.users.items()}
            return ordered(named.get(session.user, ()))
        if oidc is None:
            return ()
        claimed = (role for claim in session.claims for role in oidc.claims.get(claim, ()))
        return ordered([*oidc.users.get(session.user, ()), *claimed])


def staff_of(site: Site) -> Staff:
    """The staff as `kb.toml` says."""
    settings = site.library.settings.access.staff
    return Staff(
        settings=settings,
        sessions=StaffSessions(site.runs.database, site.clock, settings.hours),
        passwords=site.passwords,
        users=UserFile(site.users) if site.users else None,
        provider=Provider(settings.oidc, site.oidc_secret, site.clock) if settings.oidc else None,
        key=site.key,
    )
