"""From an editor's list and files to Parts and items, and back."""
