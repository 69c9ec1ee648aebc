"""The pure part of the room: procedures, their graph, clocks and verbs; no Django."""
