"""Keeping order in a group, and answering requests."""

from typing import Any

from pydantic import Field

from simulator.actions.registry import ActionError, Params, Request, action


class MemberTarget(Params):
    group_id: int
    user_id: int


class BanParams(MemberTarget):
    duration: int = Field(default=30 * 60, ge=0, le=30 * 86400)


class WholeBanParams(Params):
    group_id: int
    enable: bool = True


class CardParams(MemberTarget):
    card: str = ""


class FriendAnswer(Params):
    flag: str
    approve: bool = True


class GroupAnswer(FriendAnswer):
    reason: str = ""


class PokeParams(Params):
    group_id: int | None = None
    user_id: int


@action("set_group_ban", BanParams)
def ban(request: Request, params: BanParams) -> None:
    """Mute a member of lower rank, in seconds."""
    stage = request.desk.stage
    stage.ban(params.group_id, params.user_id, stage.world.bot.user_id, params.duration)


@action("set_group_whole_ban", WholeBanParams)
def whole_ban(request: Request, params: WholeBanParams) -> None:
    """Mute everybody but admins."""
    stage = request.desk.stage
    stage.ban_all(params.group_id, stage.world.bot.user_id, enable=params.enable)


@action("set_group_kick", MemberTarget)
def kick(request: Request, params: MemberTarget) -> None:
    """Remove a member of lower rank."""
    stage = request.desk.stage
    stage.kick(params.group_id, params.user_id, stage.world.bot.user_id)


@action("set_group_card", CardParams)
def set_card(request: Request, params: CardParams) -> None:
    """Change a card: one's own, or a lower rank's."""
    stage = request.desk.stage
    bot_id = stage.world.bot.user_id
    if params.user_id != bot_id:
        stage.outranking(params.group_id, bot_id, params.user_id)
    member = stage.world.member(params.group_id, params.user_id)
    old, member.card = member.card, params.card
    stage.notice(
        "group_card",
        group_id=params.group_id,
        user_id=params.user_id,
        card_new=params.card,
        card_old=old,
    )


@action("set_friend_add_request", FriendAnswer)
def answer_friend(request: Request, params: FriendAnswer) -> None:
    """Accept or turn down a friend request."""
    if not request.desk.requests.answer_friend(params.flag, approve=params.approve):
        raise ActionError("No such request")


@action("set_group_add_request", GroupAnswer)
def answer_group(request: Request, params: GroupAnswer) -> None:
    """Let somebody into a group, or not."""
    if not request.desk.requests.answer_group(params.flag, approve=params.approve):
        raise ActionError("No such request")


@action("group_poke", PokeParams)
@action("friend_poke", PokeParams)
@action("send_poke", PokeParams)
def poke(request: Request, params: PokeParams) -> Any:
    """Nudge somebody."""
    stage = request.desk.stage
    stage.poke(stage.world.bot.user_id, params.user_id, params.group_id)
