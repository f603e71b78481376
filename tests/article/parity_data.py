"""Makes data/parity.json anew: hashes of what the old preview showed of each Markdown article, and no text.

    python -m tests.article.parity_data RENDERED.json

RENDERED.json maps the path of each article to the HTML that `marked` 0.3.19 made of its body (`mangle: false`).
"""

import json
import sys
from pathlib import Path

from tests.article.facts_of_html import facts_of, with_unknown_tags_shown

DATA = Path(__file__).parent / "data" / "parity.json"


def main(rendered: Path) -> None:
    """Write the hashes, one article on each line."""
    pages: dict[str, str] = json.loads(rendered.read_text(encoding="utf-8"))
    hashes = {path: facts_of(with_unknown_tags_shown(html)) for path, html in sorted(pages.items())}
    del hashes["README.md"], hashes["index.md"]
    lines = [f"{json.dumps(path)}: {json.dumps(' '.join(facts.values()))}" for path, facts in hashes.items()]
    DATA.write_text("{\n" + ",\n".join(lines) + "\n}\n", encoding="utf-8")


if __name__ == "__main__":
    main(Path(sys.argv[1]))
