"""One subsidy task, one million projects: who computes it, how fast, with how many rows wrong.

The task, in money of integer fen. A project has three amounts and the best of three measures
counts: equipment of 500 万元 and more gets 3 % up to 100 万元, robots of 300 万元 and more 5 % up
to 100 万元, information technology of 200 万元 and more 10 % up to 50 万元; grade A or an echelon
enterprise gets one percentage point more. Round half away from zero to the fen, then cap; equal
amounts go to the lower measure. Seven gates: six yes-or-no facts and "not grade D". Then one
project per enterprise and year: the highest amount, equal amounts to the smaller project key.

With missing data: a definite gate failure is "excluded"; else all amounts definitely below their
thresholds is "zero"; else any unknown gate, amount or uplift is "missing"; else "pay". A row that
is missing is never selected and takes no quota. A missing grade leaves gate and uplift unknown.
"""
