"""The invented people and groups that benchmarks and end-to-end tests play with."""

from simulator import GroupSpec, PersonSpec, SimulatorConfig

WATCHED, STAFF = 714400213, 714400999
ATANG, LAOZHOU, QIQI, XIAOMAN = 2840011001, 2840011002, 2840011005, 2840011003
FRIENDS = (ATANG, LAOZHOU)
"""Moderators who have befriended the bot; QIQI is one who has not."""

DANGER_TEXT = "我真的不想活了，今晚就结束这一切"
WORRY_TEXT = "我朋友说不想活了，现在不回我消息"


def _moderator(key: str, user_id: int, nickname: str, role: str, *, friend: bool) -> PersonSpec:
    return PersonSpec.model_validate(
        {
            "id": key,
            "user_id": user_id,
            "nickname": nickname,
            "role": role,
            "friend": friend,
            "groups": (WATCHED, STAFF),
        }
    )


def staffed_group(members: int) -> SimulatorConfig:
    """Return a watched group of this size and a staff group of its moderators."""
    return SimulatorConfig(
        groups=(
            GroupSpec(group_id=WATCHED, name="四月的灯 · 守夜群", members=members),
            GroupSpec(group_id=STAFF, name="值班室"),
        ),
        people=(
            _moderator("atang", ATANG, "阿棠", "owner", friend=True),
            _moderator("laozhou", LAOZHOU, "老周", "admin", friend=True),
            _moderator("qiqi", QIQI, "七七", "admin", friend=False),
            PersonSpec(id="xiaoman", user_id=XIAOMAN, nickname="小满"),
        ),
    )
