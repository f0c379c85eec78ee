"""Sizes that the network and its graph share."""

HIDDEN, HEADS, INNER, VOCABULARY, POSITIONS = 384, 12, 1536, 30522, 512  # of the base model
PAIR = 128  # width of the pair head
FLAGS = 8  # case (3) and quotation (2) of a piece, with room
ANCHOR_CLASSES = 3  # none, speech, other attribution
ROLES = 4  # none, content, source, cue
NEAR, FAR, STEPS = 8, 192, 12  # distances in pieces are exact up to NEAR, then in STEPS log buckets
