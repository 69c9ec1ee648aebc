"""The life of a project on screen: steps with evidence, hand-overs, one project entered twice."""
