"""kb: a help site, a content service and executable checklists from a folder of Markdown articles."""
