"""The same wall of pictures as Wagtail's own documentation would build it: the baseline."""
