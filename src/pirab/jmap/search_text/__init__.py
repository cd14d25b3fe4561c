"""SearchText: how a search text is understood, under `https://pirab.go.th/jmap/search`."""
