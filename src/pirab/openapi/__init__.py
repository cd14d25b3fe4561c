"""The REST door: `/api/v1/…` with its OpenAPI description, and what machines ask about this process.

Owned here: signing in and out of the web client (`session`), the API object others add routers to (`api`), a
readable page made from the description (`docs`), whole mailboxes that leave and come (`exports`, `imports`), finding
mail (`search`), and health, readiness and metrics (`health`).

Always true: every refusal is problem details (rfc9457) and never repeats what was sent; no page loads
anything from another origin; mail is read and changed through JMAP only.
"""
