"""What the account API knows: its client, the inventory, checks and actions."""
