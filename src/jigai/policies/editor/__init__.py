"""Writing packs on screen: drafts, their forms and their text, their way to being issued."""
