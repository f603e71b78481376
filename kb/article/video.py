"""Embedded videos: a link that the page may turn into a player when the reader asks for it; nothing loads before."""

import re
from urllib.parse import urlsplit

from kb.article.node import Node

_PLAYERS = {
    "player.vimeo.com": (re.compile(r"/video/(\d+)"), "Vimeo", "https://vimeo.com/{}"),
    "www.youtube.com": (re.compile(r"/embed/([\w-]+)"), "YouTube", "https://www.youtube.com/watch?v={}"),
}


def facade_of(address: str, line: int) -> Node:
    """What stands for an iframe: a link to the video, or nothing for any other page."""
    try:
        parts = urlsplit(address.strip(), scheme="https")
        host = parts.hostname or ""
    except ValueError:
        return Node("span", line)
    pattern, name, page = _PLAYERS.get(host, (None, "", ""))
    match = pattern.match(parts.path) if pattern else None
    if match is None:
        return Node("span", line)
    label = f"Play the video on {name}"
    player = f"https://{host}{match[0]}"
    attrs = {"href": page.format(match[1]), "class": "video", "data-player": player, "aria-label": label}
    return Node("a", line, attrs)
