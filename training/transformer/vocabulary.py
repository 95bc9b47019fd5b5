# pyright: reportMissingImports=false, reportAttributeAccessIssue=false
"""The tokens that are kept: of 250,000 pieces in a hundred languages some 16,000 are met here."""

from base64 import b64decode
from collections import Counter
from collections.abc import Sequence
from typing import Any

from sentencepiece import SentencePieceProcessor
from sentencepiece.sentencepiece_model_pb2 import ModelProto

MET_IN = 2
"""A piece that one text alone holds is spelled out in smaller ones."""
SPECIAL = 4
"""The first four pieces: beginning, padding, end, unknown."""
_UNKNOWN = 3
_SPACE = "▁"


def pieces_of(model: bytes, texts: Sequence[str]) -> list[list[int]]:
    """Each text as the numbers of its pieces, without beginning and end."""
    reader = SentencePieceProcessor()
    reader.LoadFromSerializedProto(model)
    return reader.Encode(list(texts), out_type=int)


def kept_pieces(file: dict[str, Any], texts: Sequence[str]) -> list[int]:
    """The pieces worth keeping, by number: those met, and every Chinese or ASCII character."""
    pieces = [piece for piece, _score in file["model"]["vocab"]]
    whole = model_of(file, range(len(pieces)))
    met = Counter(number for read in pieces_of(whole, texts) for number in read)
    return [
        number
        for number, piece in enumerate(pieces)
        if number < SPECIAL or met[number] >= MET_IN or _is_character(piece)
    ]


def model_of(file: dict[str, Any], kept: Sequence[int]) -> bytes:
    """A tokenizer of the kept pieces, numbered anew in their order, as sentencepiece reads it.

    `file` is the tokenizer as the library `tokenizers` writes it: pieces with scores, and a table
    of characters that are written in another way first (NFKC and more).
    """
    model = ModelProto()
    table, *_ = file["normalizer"]["normalizers"]
    model.normalizer_spec.precompiled_charsmap = b64decode(table["precompiled_charsmap"])
    model.trainer_spec.model_type = model.trainer_spec.UNIGRAM
    model.trainer_spec.unk_id, model.trainer_spec.pad_id = _UNKNOWN, 1
    model.trainer_spec.bos_id, model.trainer_spec.eos_id = 0, 2
    vocabulary = file["model"]["vocab"]
    for place, number in enumerate(kept):
        piece = model.pieces.add()
        piece.piece, piece.score = vocabulary[number]
        if place < SPECIAL:
            piece.type = piece.UNKNOWN if place == _UNKNOWN else piece.CONTROL
    return model.SerializeToString()


def _is_character(piece: str) -> bool:
    bare = piece.removeprefix(_SPACE)
    return len(bare) <= 1 and (bare.isascii() or "\u4e00" <= bare <= "\u9fff")
