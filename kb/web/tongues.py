"""The site in each of its languages: the same runs and accounts, another library and its shelves."""

from collections.abc import Mapping
from dataclasses import dataclass, replace

from kb.web.language import home
from kb.web.shelves import Shelves
from kb.web.site import Site


@dataclass(frozen=True, slots=True)
class Tongue:
    """The site in one language."""

    site: Site
    shelves: Shelves

    @property
    def home(self) -> str:
        """What its addresses begin with: "" or "de"."""
        return self.site.library.home


@dataclass(frozen=True, slots=True)
class Tongues:
    """All languages, by what their addresses begin with; the library's own first."""

    by_home: Mapping[str, Tongue]

    @classmethod
    def of(cls, site: Site) -> "Tongues":
        """Index the library once for each language."""
        own = Tongue(site, Shelves.of(site.library))
        spoken = [replace(site, library=library) for library in site.library.spoken.values()]
        others = [Tongue(one, Shelves.of(one.library, own.shelves.changes)) for one in spoken]
        return cls({tongue.home: tongue for tongue in (own, *others)})

    @property
    def here(self) -> Tongue:
        """That of this request."""
        return self.by_home.get(home()) or self.by_home[""]
