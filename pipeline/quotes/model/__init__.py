"""The trained tagger: windows of word pieces in, attributions with probabilities out."""
