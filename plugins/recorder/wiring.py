"""The one house of this process, wired to NoneBot."""

from liudeng.commands import CommandTable
from liudeng.house import House
from liudeng.settings import get_settings

from .gateway import BotGateway

commands = CommandTable()
"""Every plugin adds its commands here when it is loaded."""
gateway = BotGateway()
house = House(get_settings(), commands, gateway)
