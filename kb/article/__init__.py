"""From files to articles: front matter, Markdown, links, steps and their problems."""
