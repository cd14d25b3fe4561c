"""Pirab (พิราบ), the central e-mail service of a government.

One Django project whose apps are mail nouns, standing on floors; imports go downward only:

    conf                                   wiring: settings, URLs, what is plugged into what
    jmap · lmtp · openapi · console        doors: they speak protocols and call actions and queries
    delivery · submission                  what happens to a letter coming in and going out
    scanning                               the judgement of Rspamd and ClamAV
    directory · store                      people and addresses; mailboxes, threads, letters
    blob                                   message bytes
    core                                   ids, clock, errors, database access, jobs, metrics, key ring
    wire                                   bytes and values: no Django, no input or output, no clock

Every domain app has the same shape: `models`, `types`, `actions` (the only writers), `queries` (the only readers),
`errors`, `tasks`. Doors call actions and queries, never models.
"""
