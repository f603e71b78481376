"""Every error of the sandbox; `api.reply` turns the ones that a caller may see into answers.

SandboxError
├── StateRefused       the state file cannot be used; the message says what to do
├── ScenarioInvalid    the scenario is unknown or cannot be understood
├── FaultsInvalid      the faults asked for cannot be understood
├── NotThere           the caller named something that does not exist (404)
├── Denied             the caller's roles or account do not allow it (403)
├── Rejected           the request cannot be carried out (400)
├── Unreadable         what came is no HTTP request that can be answered (a status of its own)
├── Unsuccessful       an API v1 method did not succeed (200, with a status code of its own inside)
└── NotQueued          the operations queue does not take this server (an answer with isQueued false)
"""

from collections.abc import Mapping


class SandboxError(Exception):
    """Base of all errors of the sandbox."""


class StateRefused(SandboxError):
    """The state file cannot be used; the message says what to do."""


class ScenarioInvalid(SandboxError):
    """The scenario is unknown or cannot be understood."""


class FaultsInvalid(SandboxError):
    """The faults asked for cannot be understood."""


class NotThere(SandboxError):
    """The caller named something that does not exist."""


class Denied(SandboxError):
    """The caller's roles or account do not allow it."""


class Rejected(SandboxError):
    """The request cannot be carried out; `fields` names what is wrong with which member."""

    def __init__(self, message: str, fields: Mapping[str, str] | None = None) -> None:
        super().__init__(message)
        self.fields = dict(fields or {})


class Unreadable(SandboxError):
    """What came is no HTTP request that can be answered; `status` says how to say so."""

    def __init__(self, status: int, message: str) -> None:
        super().__init__(message)
        self.status = status


class Unsuccessful(SandboxError):
    """A method of API v1 did not succeed; `code` is its StatusCode."""

    def __init__(self, code: int, message: str) -> None:
        super().__init__(message)
        self.code = code


class NotQueued(SandboxError):
    """The operations queue does not take this server."""
