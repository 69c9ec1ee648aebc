"""Policy carried to people: documents sent, drafts opened for comment, briefings held."""
