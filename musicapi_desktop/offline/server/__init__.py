"""HTTP on loopback: the service's contract, real tasks, a ledger with refunds, clips that outlive the process.

From the outside in: process (uvicorn, signals, the ready line) > application and guard > calls (the table of every
call) with sonic, tools and families, which answer them > orders (what a body means) > studio and tasks (what is made,
charged and kept) with workshop and errands > crew and lane (worker processes) > worker and jobs. Bodies are described
once, in forms and fields, for the checks and for openapi; answers are worded once, in answers, and put into other
spellings in accent; courier tells webhooks. Knows nothing of how music is made.
"""
