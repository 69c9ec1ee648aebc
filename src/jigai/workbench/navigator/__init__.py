"""政策匹配: which policies fit one enterprise, how much, and what is missing."""
