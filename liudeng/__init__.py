"""留灯: what the bot knows and does. Imports no NoneBot."""
