"""Vectors of words in their context, from the layers of the quote tagger.

The tagger was trained to find attributions on an encoder that was made to compare sentences
(all-MiniLM-L6-v2); its last layer still tells words of like meaning, without a second model.
"""

import os
from collections.abc import Sequence
from functools import cache
from pathlib import Path

import numpy as np
import numpy.typing as npt

os.environ["ORT_DISABLE_TELEMETRY"] = "1"
import onnxruntime
from tokenizers import Tokenizer

from pipeline.quotes.model.windows import CHUNK_PIECES, encode, load_tokenizer

Vectors = npt.NDArray[np.float32]

# The output of the last layer in the graph of model.onnx.
_LAYER = "LayerNormalization_54"
# What all vectors have in common is taken off; it is measured on this many frequent words, so many at a time.
_FIRST_WORD = 1996
_N_WORDS = 1200
_AT_ONCE = 100


class Encoder:
    """The encoder of the tagger; what it returns depends on the text alone."""

    def __init__(self, session: onnxruntime.InferenceSession, tokenizer: Tokenizer) -> None:
        self._session = session
        self._tokenizer = tokenizer
        self._first = tokenizer.token_to_id("[CLS]")
        self._common = np.zeros(0, dtype=np.float32)
        self._common = self._mean_of_frequent_words()

    def of_words(self, text: str, starts: Sequence[int], ends: Sequence[int]) -> Vectors:
        """Return a vector of length one for each word of a short text, given by offsets in code points.

        A word beyond the model's window, or without a piece, gets zeros: it is like no other.
        """
        pieces = encode(self._tokenizer, text, [(0, len(text))])
        hidden = self._run(pieces.ids[:CHUNK_PIECES], pieces.flags[:CHUNK_PIECES])
        places = np.array(pieces.starts[: len(hidden)])
        found = np.zeros((len(starts), hidden.shape[1]), dtype=np.float32)
        for number, (start, end) in enumerate(zip(starts, ends, strict=True)):
            inside = (places >= start) & (places < end)
            if inside.any():
                vector = hidden[inside].mean(axis=0) - self._common
                found[number] = vector / max(float(np.linalg.norm(vector)), 1e-6)
        return found

    def _run(self, ids: npt.NDArray[np.int64], flags: npt.NDArray[np.int64]) -> Vectors:
        inputs = {"ids": np.concatenate([[self._first], ids]), "flags": np.concatenate([[0], flags])}
        hidden: Vectors = self._session.run([_LAYER], inputs)[0]
        return hidden.reshape(-1, hidden.shape[-1])[1:]

    def _mean_of_frequent_words(self) -> Vectors:
        words = [
            word
            for word, place in sorted(self._tokenizer.get_vocab().items(), key=lambda item: item[1])
            if place >= _FIRST_WORD and word.isalpha() and len(word) > 3
        ][:_N_WORDS]
        hidden = []
        for first in range(0, len(words), _AT_ONCE):
            text = " ".join(words[first : first + _AT_ONCE])
            pieces = encode(self._tokenizer, text, [(0, len(text))])
            hidden.append(self._run(pieces.ids[:CHUNK_PIECES], pieces.flags[:CHUNK_PIECES]))
        mean: Vectors = np.concatenate(hidden).mean(axis=0)
        return mean


@cache
def load_encoder(folder: Path) -> Encoder:
    """Load the encoder from the folder of the tagger's weights."""
    options = onnxruntime.SessionOptions()
    options.intra_op_num_threads = 1
    options.inter_op_num_threads = 1
    content = (folder / "model.onnx").read_bytes() + _output_of(_LAYER)
    session = onnxruntime.InferenceSession(content, options, providers=["CPUExecutionProvider"])
    return Encoder(session, load_tokenizer(str(folder / "tokenizer.json")))


def _output_of(name: str) -> bytes:
    """Return what, appended to a model's bytes, makes a value of its graph one of its outputs.

    Two protocol buffers one after the other are one with the fields of both: here ModelProto.graph (7) with
    one more output (12), a ValueInfoProto with its name (1) and type (2: a tensor (1) of floats (1: 1)).
    """
    shown = name.encode()
    value = b"\x0a" + bytes([len(shown)]) + shown + b"\x12\x04\x0a\x02\x08\x01"
    graph = b"\x62" + bytes([len(value)]) + value
    return b"\x3a" + bytes([len(graph)]) + graph
