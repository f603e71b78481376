"""Whether a sentence tells the reader to do something: our own list of verbs, and where in a sentence they count."""

import re

VERBS = frozenset(
    """
    accept access acknowledge activate add adjust agree allocate allow append apply approve archive ascertain ask
    assess assign associate attach attempt authenticate authorize back backup be begin bind bookmark boot bootstrap
    bring browse build call cancel capture change check choose clean clear click clone close collect commit compare
    compile complete compose compress configure confirm connect consider consult contact continue convert copy
    create customize cut deactivate decide define delete deploy deselect determine disable disconnect discover
    dismount distribute do double download drag draw drill drop edit eject email enable encrypt ensure enter
    establish evaluate examine execute exit expand explore export extend extract fetch fill filter find finish
    follow format forward gather generate get give go grant group head hit hold hover identify implement import
    include increase indicate initialize initiate input insert inspect install invite issue join jump keep kill
    launch leave let link list load locate lock log login logon logout look make manage map mark match merge migrate
    modify monitor mount move name navigate nest note notify observe obtain open order paste pause perform pick ping
    place plan plug point populate power prepare press proceed promote prompt protect provide provision publish pull
    purchase push put query raise rdp read reboot rebuild recall receive reconfigure record recover redeploy reduce
    refer refresh register reinstall relaunch release reload remember remote remove rename render reopen repair
    repeat replace reply reproduce request rerun reset resize resolve restart restore retain retrieve retry return
    reuse reveal revert review revoke right rotate run save scan schedule scroll search secure see select send set
    setup share ship shut sign skip specify spin ssh start stop store submit subscribe switch sync synchronize tag
    take telnet terminate test toggle track transfer trigger troubleshoot try turn type uncheck uncompress undo
    uninstall unlock unmount unpack unselect untar unzip update upgrade upload use utilize validate verify view
    visit wait watch whitelist write zip
    """.split()
)
HANDS = frozenset("click select choose press enter type navigate open check expand highlight browse go scroll".split())
_SKIPPED = frozenset(
    """
    please now next then finally first firstly second secondly third lastly also again optionally optional simply just
    carefully otherwise alternatively afterwards and recommended important required temporarily manually repeatedly
    always immediately kindly
    """.split()
)
_CLAUSES = frozenset(
    """
    in on at from to if when once after before under within with using by as for while until during since whenever
    inside through via during where depending assuming because although whilst unless upon over next below above
    """.split()
)
_WORD = re.compile(r"[a-z']+")
_SENTENCES = re.compile(r" (?:(?<=[.!?;] )|[–—-] )")  # in text on one line, with single blanks
_ADDRESS = re.compile(r"\s*(?:GET|POST|PUT|PATCH|DELETE|HEAD)\s+(?:/|https?:)")
_TERM = re.compile(r"\W*(\w+)\s*:")
_ASIDE = re.compile(r"\s*[(\[][^)\]]{0,60}[)\]][.:]?\s*")
_ADDRESSED = re.compile(r"\b(?:your?|we|let[’']?s|let us)\b")
_HANDS_ANYWHERE = re.compile(r"\b(?:click|select|choose|press|enter|type|navigate|(?:log|sign) ?in(?:to)?)\b")
_LOOKED_AT = 300  # characters


def is_imperative(text: str) -> bool:
    """Whether the first sentence tells the reader to do something: a verb first, or after a clause. One line."""
    if _ADDRESS.match(text):
        return False
    aside = _ASIDE.match(text, 0, _LOOKED_AT)
    first = _SENTENCES.split(text[aside.end() if aside else 0 : _LOOKED_AT], 1)[0].lower()
    term = _TERM.match(first)
    if term and term[1] not in _SKIPPED:
        return False
    clauses = (words for clause in first.split(",") if (words := _skip(_WORD.findall(clause))))
    opening = next(clauses, None)
    if opening is None:
        return False
    if _is_verb(opening):
        return True
    if opening[0] not in _CLAUSES:
        return False
    return any(word in HANDS for word in opening[1:16]) or any(map(_is_verb, clauses))


def uses_hands(text: str) -> bool:
    """Whether any sentence of it begins with what a hand does: click, select, type."""
    for sentence in _SENTENCES.split(text[: 2 * _LOOKED_AT].lower()):
        words = _skip(_WORD.findall(sentence[:60]))
        if words and words[0] in HANDS:
            return True
    return False


def mentions_hands(text: str) -> bool:
    """Whether it speaks anywhere of what a hand does."""
    return _HANDS_ANYWHERE.search(text[:_LOOKED_AT].lower()) is not None


def addresses(text: str) -> bool:
    """Whether it speaks to the reader, or of what both do."""
    return _ADDRESSED.search(text[:_LOOKED_AT].lower()) is not None


def _is_verb(words: list[str]) -> bool:
    """Whether the first word tells to do something here; "list of …" and "access to …" do not."""
    return words[0] in VERBS and words[1:2] != ["of"] and words[:2] != ["access", "to"]


def _skip(words: list[str]) -> list[str]:
    start = 0
    while start < len(words) and words[start] in _SKIPPED:
        start += 1
    return words[start:]
