"""Fifty scenarios over a million projects; one decision at a time; a budget met.

The rules and the projects are those of ``bench.rules``. A scenario sets the rate for equipment
anew, from 2 % to 3.96 % in steps of 0.04 points, and asks what all selected projects cost. Our
sweep prepares the facts once and prices every scenario; the same fifty are run one by one by our
own plan, and by OpenFisca as fifty reforms over one set of inputs. All costs are compared: ours
must be equal to the fen in every scenario; OpenFisca (float32, so that a fen below a threshold
passes it) is shown with how far it is off.
"""
