"""Where profiles live: the text of a profile, its file, the library, the journal of edits."""
