"""Every error of the program, drawn here; faults in content are `kb.article.problem.Problem`s.

KbError
├── UsageError            the command or request asks for something that cannot be (exit 2, HTTP 400)
│   ├── LibraryMissing    the folder is not there or cannot be read
│   ├── SettingsInvalid   kb.toml cannot be understood
│   ├── WrongHost         the site was called by a name that is not its own
│   └── PortInUse         another program listens there
├── NotFound              an address, run, step or edition that does not exist (HTTP 404)
├── Refused               the run's own rules say no (HTTP 409)
│   ├── Outdated          nobody should follow this edition any more
│   └── EventConflict     the same event id was used for another body
├── StaffSignedOut        a page of the staff, and nobody of them is signed in (HTTP 401)
├── NotAllowed            the rights of whoever asks do not reach so far (HTTP 403)
├── TooMany               more than the limits let through; later it will be taken (HTTP 429)
├── StoreError            the database cannot do it now; nothing was written (HTTP 503)
└── AccountError          the account API
    ├── BadCredentials    it does not know this user and password
    ├── SignedOut         the token is missing, expired or withdrawn
    ├── Forbidden         the user's roles do not allow it
    └── Unreachable       no usable answer in time
"""

from kb.words import counted, words


class KbError(Exception):
    """Base of all errors of kb; `str(error)` says what happened and what to do next."""


class UsageError(KbError):
    """The command or request asks for something that cannot be."""


class LibraryMissing(UsageError):
    """The library's folder is not there or cannot be read."""


class SettingsInvalid(UsageError):
    """`kb.toml` cannot be understood."""


class PortInUse(UsageError):
    """Another program listens on the wanted port."""


class WrongHost(UsageError):
    """The site was called by a name that is not its own."""


class NotFound(KbError):
    """An address, run, step or edition that does not exist."""


class Refused(KbError):
    """The run's own rules say no; the message says why and what would help."""


class Outdated(Refused):
    """Nobody should follow this edition any more; `page` is the address of what to read instead."""

    def __init__(self, message: str, page: str) -> None:
        super().__init__(message)
        self.page = page


class EventConflict(Refused):
    """The same event id was used before for another body."""


class StaffSignedOut(KbError):
    """A page of the staff, and nobody of them is signed in."""


class NotAllowed(KbError):
    """The rights of whoever asks do not reach so far."""


class TooMany(KbError):
    """More than the limits let through; nothing was changed. `after`: seconds until it will be taken."""

    def __init__(self, after: int) -> None:
        minutes = max(-(-after // 60), 1)
        super().__init__(
            words(
                "More came from you, or from others at your address, than this site takes in a short time. "
                "Nothing was changed. Try again in {wait}.",
                wait=counted("a minute", "{number} minutes", minutes),
            )
        )
        self.after = after


class StoreError(KbError):
    """The database cannot do it now; nothing was written. `after`: seconds until it is worth trying again."""

    def __init__(self, message: str, after: int = 30) -> None:
        super().__init__(message)
        self.after = after


class AccountError(KbError):
    """The account API did not do what was asked."""


class BadCredentials(AccountError):
    """The account API does not know this user and password."""


class SignedOut(AccountError):
    """The token is missing, expired or withdrawn."""


class Forbidden(AccountError):
    """The user's roles do not allow it."""


class Unreachable(AccountError):
    """The account API gave no usable answer in time."""
