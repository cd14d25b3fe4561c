"""ContactCard (rfc9610#3): people, organisations and groups, as JSContact."""
