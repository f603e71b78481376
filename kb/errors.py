"""Every error of the program, drawn here; faults in content are `kb.article.problem.Problem`s.

KbError
├── UsageError            the command or request asks for something that cannot be (exit 2, HTTP 400)
│   ├── LibraryMissing    the folder is not there or cannot be read
│   ├── SettingsInvalid   kb.toml cannot be understood
│   └── PortInUse         another program listens there
├── NotFound              an address, run, step or edition that does not exist (HTTP 404)
├── Refused               the run's own rules say no (HTTP 409)
│   ├── Outdated          nobody should follow this edition any more
│   └── EventConflict     the same event id was used for another body
├── StoreError            the database cannot do it now; nothing was written (HTTP 503)
└── AccountError          the account API
    ├── BadCredentials    it does not know this user and password
    ├── SignedOut         the token is missing, expired or withdrawn
    ├── Forbidden         the user's roles do not allow it
    └── Unreachable       no usable answer in time
"""


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


class StoreError(KbError):
    """The database cannot do it now; nothing was written."""


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
