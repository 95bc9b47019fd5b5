"""留灯: what the bot knows and does. Imports no NoneBot."""

import os

# What is computed for a message is small: two threads wait for each other longer than one computes,
# and on a busy machine a hundred times as long. Read by numpy when it is first imported.
os.environ.setdefault("OPENBLAS_NUM_THREADS", "1")
