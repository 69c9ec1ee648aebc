"""税收测算: calculators filled from held data, and what enterprises were told and enjoyed."""
