"""What is wrong with articles, beyond what their reading itself meets: one module for each kind of fault."""
