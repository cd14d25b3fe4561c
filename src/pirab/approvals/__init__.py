"""Four eyes: a dangerous act is proposed by one person and done when another one, who may do it too, agrees.

Owned here: what is proposed, by whom, who decided and what came of it; the table of acts (`acts`), which the floors
above fill with what an act needs and does.

Always true: nobody agrees to what they proposed themselves, in any duty; an act is done once, in the transaction that
records who agreed; what it is about is said when it is proposed and cannot be changed afterwards; a proposal nobody
decides on within a week is over; decisions are never deleted.

On failure: an act that can no longer be done (the person has gone, the limit is reached) is recorded as failed with the
reason, and nothing of it is done.
"""
