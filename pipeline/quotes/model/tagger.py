"""Find attributions (source, cue, content) in text with the trained model."""

import json
import os
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path

import numpy as np

# onnxruntime reports to its makers unless told not to before it is imported: a switch set later does not undo
# what its import sends.
os.environ["ORT_DISABLE_TELEMETRY"] = "1"
import onnxruntime
from tokenizers import Tokenizer

from pipeline.quotes.model.confidence import FEATURES, confidence, features
from pipeline.quotes.model.decoding import Attribution, Probabilities, Settings, decode_window
from pipeline.quotes.model.windows import Pieces, Span, Window, encode, load_tokenizer, windows


class Tagger:
    """The model with its tokenizer; `tag` depends on nothing but its arguments."""

    def __init__(
        self,
        session: onnxruntime.InferenceSession,
        tokenizer: Tokenizer,
        settings: Settings,
        weights: Sequence[float] = (0.0,) * len(FEATURES),
    ) -> None:
        self._session = session
        self._tokenizer = tokenizer
        self._settings = settings
        self._weights = weights
        self._first = tokenizer.token_to_id("[CLS]")

    def tag(self, text: str, paragraphs: Sequence[Span]) -> list[Attribution]:
        """Return the attributions of speech in the paragraphs (spans in code points), in text order."""
        return [one for one in self.candidates(text, paragraphs) if one.is_speech]

    def candidates(self, text: str, paragraphs: Sequence[Span]) -> list[Attribution]:
        """Return all that may be an attribution: of speech, of belief or intention, or not sure to be one."""
        pieces = encode(self._tokenizer, text, paragraphs)
        found = [
            attribution
            for window in windows(pieces)
            for attribution in decode_window(text, pieces, window, self.run(pieces, window), self._settings)
        ]
        return [replace(a, confidence=confidence(self._weights, features(a))) for a in found]

    def run(self, pieces: Pieces, window: Window) -> Probabilities:
        """Return the model's probabilities for one window: anchors, candidates, roles."""
        ids, flags = self._inputs(pieces, window)
        return Probabilities(*self._session.run(["anchors", "at", "roles"], {"ids": ids, "flags": flags}))

    def _inputs(self, pieces: Pieces, window: Window) -> tuple[np.ndarray, np.ndarray]:
        part = slice(window.first, window.stop)
        return np.concatenate([[self._first], pieces.ids[part]]), np.concatenate([[0], pieces.flags[part]])


def load(folder: Path) -> Tagger:
    """Load the tagger from its folder: model.onnx, tokenizer.json, settings.json."""
    options = onnxruntime.SessionOptions()
    options.intra_op_num_threads = 1
    options.inter_op_num_threads = 1
    session = onnxruntime.InferenceSession(folder / "model.onnx", options, providers=["CPUExecutionProvider"])
    stored = json.loads((folder / "settings.json").read_text(encoding="utf-8"))
    weights = [stored["confidence"][name] for name in FEATURES]
    tokenizer = load_tokenizer(str(folder / "tokenizer.json"))
    return Tagger(session, tokenizer, Settings(**stored["decoder"]), weights)
