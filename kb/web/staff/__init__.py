"""The pages of the staff: their own sign-in, their own sessions, and what each role may see."""
