"""From the settings to what a room is told of them."""

from liudeng.desk import DeskOptions, Patience, Seal
from liudeng.media import MediaStore
from liudeng.moderation import Limits, ModerationOptions
from liudeng.privacy import Mode, PrivacyOptions, rules_of
from liudeng.settings import DATA_ROOT, Settings


def privacy_options(settings: Settings) -> PrivacyOptions:
    """Return what the privacy room is told."""
    return PrivacyOptions(
        key=settings.privacy_key.get_secret_value(),
        data_dir=settings.data_dir,
        wording_dir=DATA_ROOT / "privacy",
        zone=settings.zone,
        default=Mode(settings.archive_mode),
        wipe_hours=settings.recall_wipe_hours,
        retention=rules_of(settings.retention),
        operators=settings.operators,
    )


def desk_options(settings: Settings, pictures: MediaStore) -> DeskOptions:
    """Return what the desk is told."""
    seal = Seal(
        settings.case_key.get_secret_value(), settings.data_dir / "case.key", pictures=pictures
    )
    return DeskOptions(
        seal=seal,
        patience=Patience.of_minutes(settings.ack_minutes),
        care_dir=DATA_ROOT / "desk",
        cards=settings.alert_cards,
        operators=settings.operators,
    )


def moderation_options(settings: Settings) -> ModerationOptions:
    """Return what moderation is told."""
    return ModerationOptions(
        rules_dir=settings.rules_dir,
        bots=settings.other_bots,
        limits=Limits(hourly_budget=settings.moderation_budget),
    )
