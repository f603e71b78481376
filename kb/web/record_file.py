"""The record of a run as one HTML file that needs nothing else: to print, to send, to keep."""

from pathlib import Path

from flask import Flask, render_template

from kb.checklist.record import RunRecord
from kb.checklist.record_markdown import verified
from kb.settings import Settings
from kb.web.theme import theme_folder, use_theme


def record_html(record: RunRecord, settings: Settings | None = None, theme: Path | None = None) -> str:
    """The whole page, with its style in it."""
    folder = theme or theme_folder()
    app = Flask("kb", static_folder=None, template_folder=None)
    use_theme(app, folder, settings)
    css = (folder / "static" / "record.css").read_text(encoding="utf-8")
    with app.app_context():
        return render_template("record_file.html", record=record, verified=verified(record), css=css)
