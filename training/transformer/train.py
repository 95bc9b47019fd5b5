# pyright: reportMissingImports=false
"""Fine-tune and write the transformer; some two and a half hours on two cores.

    uv pip install -r training/transformer/requirements.txt
    uv run --no-sync python -m training.transformer.train --data DIR

DIR holds `public/lccc_base_valid.tsv` and `public/cold_train.tsv` (see `docs/model-card.md`). What
was fitted on its opinions is to be fitted again afterwards: `training.train` and
`training.moderation.train`.
"""

import hashlib
from pathlib import Path
from typing import Annotated

import torch
import typer
from sentencepiece import SentencePieceProcessor

from liudeng.moderation.model import VERDICTS
from liudeng.text.transformer import MODEL, PIECES, tokens_of, without_pauses
from training.transformer.fitting import FIRST, SECOND, WATCH_OUTPUTS, Tokenised, fit
from training.transformer.lessons import glued_lessons, lessons, torn_chat
from training.transformer.network import Network
from training.transformer.onnx_file import write
from training.transformer.pretrained import Pretrained, tokenizer_file
from training.transformer.vocabulary import kept_pieces, model_of

TORN_SEEDS = (1, 2)
GLUED_SEEDS = (3, 4, 5)
"""Turns with glued sentences beside the torn lines."""


def main(
    data: Annotated[Path, typer.Option(help="directory with public/*.tsv")],
    checkpoint: Annotated[Path | None, typer.Option(help="also keep the exact weights")] = None,
) -> None:
    """Train the shipped transformer."""
    taught = lessons(data)
    whole = tokenizer_file()
    kept = kept_pieces(whole, [without_pauses(one.text) for one in taught])
    model = model_of(whole, kept)
    pieces = SentencePieceProcessor()
    pieces.LoadFromSerializedProto(model)
    tokens = tokens_of(pieces, [one.text for one in taught])
    typer.echo(f"{len(taught)} texts, {len(kept)} pieces")
    torch.manual_seed(0)
    network = Network(len(kept), WATCH_OUTPUTS + 1 + len(VERDICTS))
    network.begin(Pretrained.load(), kept)
    fit(network, Tokenised(taught, tokens), FIRST, typer.echo)
    for seed in (*TORN_SEEDS, *GLUED_SEEDS):
        more = [*taught, *torn_chat(data, seed)]
        if seed in GLUED_SEEDS:
            more += glued_lessons(data, seed)
        tokens = tokens_of(pieces, [one.text for one in more])
        fit(network, Tokenised(more, tokens), SECOND, typer.echo)
    if checkpoint is not None:
        torch.save(network.state_dict(), checkpoint)
    PIECES.write_bytes(model)
    write(network, MODEL)
    typer.echo(f"sha256 {hashlib.sha256(MODEL.read_bytes()).hexdigest()}")


if __name__ == "__main__":
    typer.run(main)
