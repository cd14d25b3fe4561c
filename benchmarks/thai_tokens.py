"""Search tokens on real Thai: `python -m benchmarks.thai_tokens CORPUS` (the folder that holds thai/).

Prints speed, tokens a text, and hits of true: dictionary words that stand in the texts on whole letters, and words
planted into unspaced runs. Needs no running system.
"""

import random
import re
import sys
import time
from pathlib import Path

from pirab.core.thai import LETTERS, dictionary
from pirab.store.tokens import query_tokens, tokenize

BAR_RECALL = 0.98
AIM_MEGABYTES_PER_SECOND = 4.0
_BEGINS = "(?<![\u0e40-\u0e44])"
_ENDS = "(?![\u0e30-\u0e3a\u0e45\u0e47-\u0e4e])"


def main() -> None:
    """Read the texts, index them in memory, look for a sample of the dictionary."""
    chance = random.Random(2569)
    folder = Path(sys.argv[1]) / "thai"
    posts = (folder / "posts.txt").read_text("utf-8").splitlines()
    texts = [path.read_text("utf-8") for path in sorted((folder / "gazette").glob("*.md"))]
    texts += ["\n".join(posts[start : start + 10]) for start in range(0, len(posts), 10)]
    tokenize("ก")  # reads the dictionary
    began = time.process_time()
    indexed = [tokenize(text) for text in texts]
    seconds = time.process_time() - began
    octets = sum(len(text.encode()) for text in texts)
    print(f"speed            {octets / seconds / 1e6:.1f} MB/s (aim ≥ {AIM_MEGABYTES_PER_SECOND})")
    print(f"tokens a text    {sum(map(len, indexed)) / len(texts):.0f} ({octets / len(texts) / 1000:.1f} kB)")
    sample = chance.sample(dictionary().words(), 2000)
    hits = _hits_in(texts, indexed, sample)
    runs = [run for text in texts for run in re.findall(f"[{LETTERS}]{{6,}}", text) if run[0] in "กขคนมสพ"]
    planted = sum(_finds(word, tokenize(chance.choice(runs) + word + chance.choice(runs))) for word in sample)
    print(f"hits in texts    {hits[0]} of {hits[1]} (bar ≥ {BAR_RECALL:.0%})")
    print(f"planted in runs  {planted} of {len(sample)} (bar ≥ {BAR_RECALL:.0%})")


def _hits_in(texts: list[str], indexed: list[set[str]], words: list[str]) -> tuple[int, int]:
    found = true = 0
    for word in words:
        standing = re.compile(f"{_BEGINS}{re.escape(word)}{_ENDS}")
        for text, tokens in zip(texts, indexed, strict=True):
            if word in text and standing.search(text):
                true += 1
                found += _finds(word, tokens)
    return found, true


def _finds(query: str, tokens: set[str]) -> bool:
    wanted = query_tokens(query)
    prefix = wanted.prefix
    return set(wanted.words) <= tokens and (
        prefix is None or any(token.startswith(prefix) for token in tokens)
    )


if __name__ == "__main__":
    main()
