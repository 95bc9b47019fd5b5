# pyright: reportMissingImports=false
"""The network, as it is trained: the lower layers of multilingual-e5-small and one head."""

import torch
from torch import Tensor, nn
from torch.nn import functional

from liudeng.text.transformer import MOST_TOKENS
from training.transformer.pretrained import FEED_FORWARD, HEADS, HIDDEN, Pretrained

LAYERS = 6
"""Of twelve; the upper ones are dropped, which costs half the time and little else."""
PADDING = 1
EPSILON = 1e-12
_DROPPED = 0.1
HIDDEN_FROM = -1e4
"""What attention to padding is lowered by."""
_FIRST_HEAD = 0.02


class Layer(nn.Module):
    """Attention and a feed-forward step, each added to what came in and normalised (as in BERT)."""

    def __init__(self) -> None:
        super().__init__()
        self.qkv = nn.Linear(HIDDEN, 3 * HIDDEN)
        self.attended = nn.Linear(HIDDEN, HIDDEN)
        self.attended_norm = nn.LayerNorm(HIDDEN, EPSILON)
        self.inner = nn.Linear(HIDDEN, FEED_FORWARD)
        self.outer = nn.Linear(FEED_FORWARD, HIDDEN)
        self.outer_norm = nn.LayerNorm(HIDDEN, EPSILON)

    def forward(self, states: Tensor, mask: Tensor) -> Tensor:
        """States (texts x tokens x `HIDDEN`) and what is added to each attention."""
        texts, tokens, _ = states.shape
        split = self.qkv(states).view(texts, tokens, 3, HEADS, HIDDEN // HEADS)
        query, key, value = split.permute(2, 0, 3, 1, 4)
        # Written out: for texts this short the library's own way back takes ten times as long.
        near = query @ key.transpose(-1, -2) * (HIDDEN // HEADS) ** -0.5
        seen = (near + mask).softmax(-1).to(value.dtype) @ value
        joined = self.attended(seen.transpose(1, 2).reshape(texts, tokens, HIDDEN))
        states = self.attended_norm(states + self._dropped(joined))
        fed = self.outer(functional.gelu(self.inner(states)))
        return self.outer_norm(states + self._dropped(fed))

    def _dropped(self, states: Tensor) -> Tensor:
        return functional.dropout(states, _DROPPED, self.training)


class Network(nn.Module):
    """Tokens in, the numbers of all outputs out."""

    def __init__(self, pieces: int, outputs: int) -> None:
        super().__init__()
        self.words = nn.Embedding(pieces, HIDDEN)
        self.places = nn.Embedding(MOST_TOKENS, HIDDEN)
        self.norm = nn.LayerNorm(HIDDEN, EPSILON)
        self.layers = nn.ModuleList(Layer() for _ in range(LAYERS))
        self.head = nn.Linear(HIDDEN, outputs)

    def forward(self, tokens: Tensor) -> Tensor:
        """Tokens (texts x tokens, filled up with `PADDING`): one row of numbers a text."""
        real = tokens != PADDING
        states = self.words(tokens) + self.places(torch.arange(tokens.shape[1]))
        states = functional.dropout(self.norm(states), _DROPPED, self.training)
        mask = torch.zeros(real.shape, dtype=states.dtype).masked_fill(~real, HIDDEN_FROM)
        for layer in self.layers:
            states = layer(states, mask[:, None, None, :].to(states.dtype))
        share = real.unsqueeze(-1).to(states.dtype)
        pooled = (states * share).sum(1) / share.sum(1)
        return self.head(functional.dropout(pooled, _DROPPED, self.training))

    @torch.no_grad()
    def begin(self, pretrained: Pretrained, kept: list[int]) -> None:
        """Take over the pretrained weights of the kept pieces and of the lower layers."""
        words = pretrained.matrix("emb.word", pretrained.pieces, HIDDEN)
        self.words.weight.copy_(torch.tensor(words[kept]))
        places = pretrained.numbers("emb.pos", MOST_TOKENS, HIDDEN)
        self.places.weight.copy_(torch.tensor(places + pretrained.numbers("emb.type", HIDDEN)))
        _take(self.norm, pretrained, "emb.ln")
        for number, layer in enumerate(self.layers):
            _begin(layer, pretrained, f"l{number}.")  # pyright: ignore[reportArgumentType]
        self.head.weight.normal_(0, _FIRST_HEAD)
        self.head.bias.zero_()


def _begin(layer: Layer, pretrained: Pretrained, name: str) -> None:
    three = [pretrained.matrix(f"{name}{part}.w", HIDDEN, HIDDEN) for part in "qkv"]
    layer.qkv.weight.copy_(torch.cat([torch.tensor(part) for part in three]))
    biases = [pretrained.numbers(f"{name}{part}.b", HIDDEN) for part in "qkv"]
    layer.qkv.bias.copy_(torch.cat([torch.tensor(part) for part in biases]))
    for part, linear in (("ao", layer.attended), ("fi", layer.inner), ("fo", layer.outer)):
        weights = pretrained.matrix(f"{name}{part}.w", linear.out_features, linear.in_features)
        linear.weight.copy_(torch.tensor(weights))
        linear.bias.copy_(torch.tensor(pretrained.numbers(f"{name}{part}.b", linear.out_features)))
    _take(layer.attended_norm, pretrained, f"{name}aln")
    _take(layer.outer_norm, pretrained, f"{name}oln")


def _take(norm: nn.LayerNorm, pretrained: Pretrained, name: str) -> None:
    norm.weight.copy_(torch.tensor(pretrained.numbers(f"{name}.w", HIDDEN)))
    norm.bias.copy_(torch.tensor(pretrained.numbers(f"{name}.b", HIDDEN)))
