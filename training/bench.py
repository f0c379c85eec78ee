"""Measure the tagger on one core: words per CPU second and peak memory.

    taskset -c 0 bench.py MODEL_FOLDER [--part dev] [--seconds 20]

Words are counted as runs of non-spaces. Loading is measured apart.
"""

import argparse
import resource
import time
from pathlib import Path

from corpus import part_of_corpus
from pipeline.quotes.model.tagger import load
from pipeline.quotes.model.windows import line_paragraphs


def main() -> None:
    """Tag the documents of a part again and again for some seconds of CPU time."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("model", type=Path)
    parser.add_argument("--part", choices=("dev", "val", "calib"), default="val")
    parser.add_argument("--seconds", type=float, default=10)
    args = parser.parse_args()
    texts = [d["text"] for d in part_of_corpus(args.part)]
    before = time.process_time()
    tagger = load(args.model)
    loading = time.process_time() - before
    words, start = 0, time.process_time()
    for text in texts * 1000:
        tagger.tag(text, line_paragraphs(text))
        words += len(text.split())
        if time.process_time() - start > args.seconds:
            break
    spent = time.process_time() - start
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    print(f"{words / spent:.0f} words per CPU second, load {loading:.2f} s, peak {peak:.0f} MB")


if __name__ == "__main__":
    main()
