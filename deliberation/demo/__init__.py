"""The sample council: loaded through the actions people use, with a clock that can be moved."""
