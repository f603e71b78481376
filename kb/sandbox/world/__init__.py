"""What the sandbox knows: records, the state that keeps them, and what can be done to them. Nothing here knows HTTP."""
