"""How the sandbox answers: routes, roles, links and JSON shapes. Nothing here keeps state."""
