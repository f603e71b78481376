"""A made-up article whose newer edition changes every step in another way."""

from pathlib import Path

ARTICLE = "house/moving-out"
OLD_DAY, NEW_DAY = "2024-05-01", "2026-02-01"
OLD = """---
title: Moving out
date: 2024-05-01
---
## Steps
1. Tell the landlord that you leave.
2. Cancel the power contract.
3. Order twenty boxes.
4. Sort the books.
5. Sort the clothes.
6. Bring the letter to the office.
7. Clean all of the flat.
8. Return the card of the library.
9. Hand in the key.
"""
OLD_SIDE = """
procedures:
  - heading: Steps
    questions:
      - {id: lease, ask: "Is the lease still running?", stop: Talk to the landlord first.}
    steps:
      - {step: 1, starts: Tell the landlord, id: tell}
      - {step: 2, starts: Cancel the power, id: power}
      - {step: 3, starts: Order twenty, id: boxes}
      - {step: 4, starts: Sort the books, id: books}
      - {step: 5, starts: Sort the clothes, id: clothes}
      - {step: 6, starts: Bring the letter, id: letter}
      - {step: 7, starts: Clean all, id: clean}
      - {step: 8, starts: Return the card, id: card}
      - {step: 9, starts: Hand in the key, id: hand-in, irreversible: true}
"""
NEW = """---
title: Moving out
date: 2026-02-01
---
## Steps
1. Tell the landlord that you leave.
2. Cancel the contract for power.
3. Sort all your things.
4. Send the letter by mail.
5. Order twenty boxes.
6. Clean the kitchen.
7. Clean the bath.
8. Take photos of all rooms.
9. Hand in the key.

## What you need not do
The card of the library ends by itself.
"""
NEW_SIDE = """
procedures:
  - heading: Steps
    questions:
      - {id: lease, ask: "Is the lease still running?", stop: Talk to the landlord first.}
      - {id: pets, ask: "Do you have pets?", stop: Talk to the vet first.}
    steps:
      - {step: 1, starts: Tell the landlord, id: tell}
      - {step: 2, starts: Cancel the contract, id: power}
      - {step: 3, starts: Sort all, id: things}
      - {step: 4, starts: Send the letter, id: letter}
      - {step: 5, starts: Order twenty, id: boxes}
      - {step: 6, starts: Clean the kitchen, id: kitchen}
      - {step: 7, starts: Clean the bath, id: bath}
      - {step: 8, starts: Take photos, id: photos}
      - {step: 9, starts: Hand in the key, id: hand-in, irreversible: true}
    changes:
      since: 2024-05-01
      weight: content
      summary: [Photos of all rooms are needed now.]
      steps:
        tell: {was: [tell], how: same}
        power: {was: [power], how: reworded}
        things: {was: [books, clothes], how: merged}
        letter: {was: [letter], how: method-changed}
        boxes: {was: [boxes], how: moved}
        kitchen: {was: [clean], how: split}
        bath: {was: [clean], how: split}
        photos: {how: new}
        hand-in: {was: [hand-in], how: same}
      gone:
        card: {how: dropped, now: What you need not do}
"""
WORDING = """---
title: Moving out
date: 2026-02-01
---
## Steps
1. Tell your landlord that you leave.
2. Cancel the power contract.
"""


def write_old(folder: Path) -> Path:
    """Only the old edition, as the current one."""
    return _write(folder, {"moving-out.md": OLD, "moving-out.checklist.yaml": OLD_SIDE})


def write_both(folder: Path, weight: str = "content", *, told: bool = True, revised: str = "") -> Path:
    """The new edition and beside it the old one. `told`: whether the authors say what became of the steps."""
    side = NEW_SIDE.replace("weight: content", f"weight: {weight}")
    side = side if told else side[: side.index("    changes:")]
    old = {f"moving-out@{OLD_DAY}.md": OLD, f"moving-out@{OLD_DAY}.checklist.yaml": OLD_SIDE}
    new = {"moving-out.md": revised or NEW, "moving-out.checklist.yaml": side}
    return _write(folder, old | new)


def _write(folder: Path, files: dict[str, str]) -> Path:
    house = folder / "House"
    house.mkdir(parents=True, exist_ok=True)
    for file in house.iterdir():
        file.unlink()
    for name, text in files.items():
        (house / name).write_text(text)
    return folder
