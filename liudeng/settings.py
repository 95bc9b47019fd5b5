"""Every setting of the bot, one typed model, read from `.env` and the environment."""

from functools import cache
from ipaddress import ip_address
from pathlib import Path
from typing import Annotated, Literal
from urllib.parse import urlsplit
from zoneinfo import ZoneInfo

from pydantic import Field, SecretStr, ValidationError, field_validator, model_validator
from pydantic_settings import BaseSettings, SettingsConfigDict, SettingsError

PROJECT_ROOT = Path(__file__).resolve().parent.parent
DATA_ROOT = PROJECT_ROOT / "data"
"""Shipped, editable data: lexicons and scenarios."""

_LOOPBACK = ("127.0.0.1", "localhost", "::1")

QQNumber = Annotated[int, Field(gt=0)]


class Settings(BaseSettings):
    """What an operator can set. `.env.example` explains each in Chinese and English."""

    model_config = SettingsConfigDict(
        env_file=".env",
        env_file_encoding="utf-8",
        env_ignore_empty=True,
        extra="ignore",
        frozen=True,
    )

    data_dir: Path = DATA_ROOT / "runtime"
    """Where the bot writes everything it writes."""
    lexicon_dir: Path = DATA_ROOT / "lexicon"
    """The watcher's words and rules; point it at a copy to edit them."""
    mood_dir: Path = DATA_ROOT / "mood"
    """The words that a group's moods are counted by."""
    rules_dir: Path = DATA_ROOT / "rules"
    """The sets of rules that groups may switch on; point it at a copy to edit them."""
    timezone: str = "Asia/Shanghai"
    """IANA name of the zone in which times are shown and typed."""

    host: str = "127.0.0.1"
    port: int = Field(default=8080, ge=0, le=65535)
    onebot_access_token: SecretStr = SecretStr("")
    superusers: frozenset[str] = frozenset()
    nickname: frozenset[str] = frozenset({"留灯"})
    log_level: Literal["DEBUG", "INFO", "WARNING", "ERROR"] = "INFO"
    api_timeout: float = Field(default=30.0, gt=0)
    """Seconds to wait for the answer to a OneBot action."""

    archive_groups: frozenset[QQNumber] = frozenset()
    """Groups to archive and watch; empty means every group the bot is in."""
    moderators: dict[QQNumber, frozenset[QQNumber]] = {}
    """Group -> QQ numbers who receive its alerts; a group not named here uses owner and admins."""
    staff_group: QQNumber | None = None
    """A group of moderators only, for alerts that cannot be delivered privately."""

    other_bots: frozenset[QQNumber] = frozenset()
    """Other bots in the groups: moderation never acts on them."""
    moderation_budget: int = Field(default=30, ge=1, le=1000)
    """Automatic recalls and mutes a group and hour; then the bot stops and asks."""

    ack_minutes: float = Field(default=5.0, gt=0)
    """How long an alert of danger may go unanswered; any other waits three times as long."""
    alert_cards: bool = True
    """Send alerts and digests as a picture between lines of text; off: all in words."""
    case_key: SecretStr = SecretStr("")
    """Fernet key that seals what stood around a signal; empty: `case.key` in `data_dir`."""

    backup_dir: Path | None = None
    """Where a backup is written every night; none without it."""
    backup_keep: int = Field(default=7, ge=1)
    """How many nights' backups stay."""

    watch_start: Literal["dry", "armed"] = "dry"
    """Whether a group nobody has armed yet is in a dry run or alerts at once."""
    watch_threshold: float = Field(default=0.5, ge=0.5, le=0.95)
    """A single message alerts from this score on; 0.5 is what the model was calibrated to."""

    opinion_url: str | None = None
    """OpenAI-compatible endpoint that is asked about alerts, such as `http://127.0.0.1:11434/v1`;
    without it nobody is asked."""
    opinion_key: SecretStr = SecretStr("")
    opinion_model: str | None = None
    """Its name there; empty where the endpoint knows only one."""
    privacy_key: SecretStr = SecretStr("")
    """64 hex digits that pseudonyms are made with; empty: `privacy.key` in `data_dir`."""
    archive_mode: Literal["open", "asked", "off"] = "open"
    """Whom a group keeps that has not decided: all who do not refuse, those who ask, nobody."""
    recall_wipe_hours: int = Field(default=24, ge=0)
    """Hours after which a recalled message is not only hidden but wiped."""
    retention: dict[str, dict[Literal["messages", "media", "cases", "audit"], int]] = {}
    """Group, or `*` -> kind -> days; what is not named, or 0, is kept for ever."""

    keep_media: bool = True
    """Fetch pictures and files on receipt; without it only their expiring links are kept."""
    media_trusted_hosts: frozenset[str] = frozenset()
    """`host:port` of picture servers that may be asked although their address is not public."""

    ocr_enabled: bool = True
    """Read the words in kept pictures; turn it off on a machine with 1 GB of memory."""
    ocr_idle_s: float = Field(default=60.0, ge=0)
    """Seconds without work after which the reading process ends and gives its memory back."""
    ocr_threads: int = Field(default=1, ge=1, le=16)

    resource_probes: bool = True
    """Ask listed links whether they still open, and known shorteners where their links lead."""
    faq_unasked: bool = True
    """Answer in groups what clearly is a known question though nobody asked the bot."""
    faq_vectors: bool = True
    """Compare questions by meaning, too: 120 MB of memory."""

    pass_all_messages: bool = False
    """Let every group message reach NoneBot's matchers (needed only by third-party plugins)."""
    writer_queue_size: int = Field(default=20_000, ge=100)
    """Messages that may wait for the database; what finds it full is fetched again later."""
    backfill_page_size: int = Field(default=100, ge=20, le=1000)
    backfill_max_pages: int = Field(default=200, ge=1)
    first_backfill_pages: int = Field(default=5, ge=0)
    """Pages of history to take over from a group the bot meets for the first time."""

    send_interval: float = Field(default=1.5, ge=0)
    """Seconds between two messages of the bot once `send_burst` is used up."""
    send_burst: int = Field(default=6, ge=1)
    search_page_size: int = Field(default=5, ge=1, le=20)
    search_cards: bool = True
    faq_cards: Literal["long", "always", "never"] = "long"
    """When an answer to a question is a picture: `long`, `always` or `never`."""

    @field_validator("timezone")
    @classmethod
    def _known_timezone(cls, name: str) -> str:
        ZoneInfo(name)
        return name

    @model_validator(mode="after")
    def _staff_group_is_not_archived(self) -> "Settings":
        if self.staff_group is not None and self.staff_group in self.archive_groups:
            raise ValueError(
                "STAFF_GROUP 不能同时出现在 ARCHIVE_GROUPS 里：值班群会收到警报，不能是被守望的群。"
            )
        return self

    @model_validator(mode="after")
    def _strangers_need_a_token(self) -> "Settings":
        if self.host not in _LOOPBACK and not self.onebot_access_token.get_secret_value():
            raise ValueError(
                "HOST 对外开放时必须设置 ONEBOT_ACCESS_TOKEN，否则任何人都能冒充 QQ 连进来。"
            )
        return self

    @model_validator(mode="after")
    def _opinions_travel_safely(self) -> "Settings":
        if not self.opinion_url:
            return self
        url = urlsplit(self.opinion_url)
        if url.scheme not in ("http", "https") or not url.hostname:
            raise ValueError("OPINION_URL 要写成完整的网址，例如 http://127.0.0.1:11434/v1。")
        if url.scheme == "http" and not _is_at_home(url.hostname):
            raise ValueError("OPINION_URL 在别处的机器上时必须用 https，否则路上谁都读得到。")
        return self

    @property
    def zone(self) -> ZoneInfo:
        """The zone in which times are shown and typed."""
        return ZoneInfo(self.timezone)

    @property
    def operators(self) -> frozenset[int]:
        """QQ numbers of those who run the machine."""
        return frozenset(int(name) for name in self.superusers if name.isdecimal())

    @property
    def database_path(self) -> Path:
        return self.data_dir / "liudeng.sqlite3"

    def archives(self, group_id: int) -> bool:
        """Tell whether messages of this group are kept and watched."""
        if group_id == self.staff_group:
            return False
        return not self.archive_groups or group_id in self.archive_groups


def _is_at_home(host: str) -> bool:
    """Whether a host is this machine, on a private network, or a neighbour of one word."""
    try:
        return ip_address(host).is_private
    except ValueError:
        return "." not in host or host.endswith(".local")


class SettingsProblem(Exception):
    """A setting does not fit; the text is one Chinese sentence for the operator."""


@cache
def get_settings() -> Settings:
    """Read the settings once per process.

    Raises:
        SettingsProblem: a value in `.env` or the environment does not fit.
    """
    try:
        return Settings()
    except SettingsError as error:  # JSON that is none, with the field's name in the text
        field = str(error).partition('"')[2].partition('"')[0].upper()
        raise SettingsProblem(
            f'设置 {field} 读不了：列表写成 [123,456]，字典写成 {{"群号":[QQ号]}}。'
            "请对照 .env.example 修改。"
        ) from None
    except ValidationError as error:
        first = error.errors(include_input=False, include_url=False)[0]
        name = ".".join(str(part) for part in first["loc"]).upper()
        reason = str(first.get("ctx", {}).get("error", first["msg"]))
        where = f"设置 {name} 不对：{reason}。" if name else reason
        raise SettingsProblem(f"{where}请对照 .env.example 修改。") from None
