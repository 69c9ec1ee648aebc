"""Public notices of decided lists, and objections to them."""
