"""Look-alike domains: a table of names that pose as others, and one of names that do not."""

import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from liudeng.resources.command_line import judged
from liudeng.resources.lookalike import Judgement, Trick, judge

POSING = {
    Trick.GLYPHS: """
        0penai.com opena1.com openal-login.com ch4tgpt.com chatqpt.com gpt40.com c1aude.ai
        g00gle.com micr0soft.com rnicrosoft.com bi1ibili.com we1bo.com zhlhu.com taoba0.com
        vvechat.com paypa1-secure.com appie-id-login.com d0ubao.com anthr0pic.com 0penai
        telegrarn.org
    """,
    Trick.FOREIGN_LETTERS: """
        оpenai.com chatgρt.com сhatgpt.com openаi.com openaı.com chátgpt.com аррӏе.com
        xn--80ak6aa92e.com xn--opnai-csa.com claudе.ai
    """,
    Trick.TYPO: """
        chatgtp.com opennai.com opeani.com deepsseek.com huggingfaace.co githhub.com chtgpt.com
        claud.ai githud.com
    """,
    Trick.SUFFIX: """
        openai.vip chatgpt.cn openai.com.cn openai.cm deepseek.chat claude.vip bilibili.vip
        qq.cm gpt4o.vip kimi.vip
    """,
    Trick.EXTRA_WORDS: """
        chatgpt-4o.vip openai-login.net gpt4o-restore.com mychatgpt.cn open-ai.com.cn
        openai-verify.web.app wechat-pay.cc github-login.xyz alipay-refund.top 4o-restore.example
        chatgpt-secure.invalid claude-ai.com kimi-ai.top apple-support.cn qq-mail.com
        chatgpt-huifu.cn gpt-4o.xyz azure-openai.com hugging-face.co
    """,
    Trick.IN_FRONT: """
        openai.com.security-check.top chat.openai.com.login.ru qq.com.safe-login.cn
        chatgpt.com-login.vip openai-com.top chatgpt.login-verify.com
    """,
    Trick.USER_PART: "https://openai.com@evil.example/login",
}
HONEST = """
    openai.com chat.openai.com platform.openai.com community.openai.com status.openai.com
    chatgpt.com cdn.oaistatic.com my.openai.azure.com openai.github.io github.com gist.github.com
    raw.githubusercontent.com huggingface.co claude.ai docs.anthropic.com gemini.google.com
    google.com.hk maps.google.de deepseek.com chat.deepseek.com poe.com character.ai kimi.com
    www.doubao.com chatglm.cn openrouter.ai x.com mp.weixin.qq.com docs.qq.com aq.qq.com
    bilibili.com space.bilibili.com b23.tv t.cn weibo.com m.weibo.cn zhihu.com zhuanlan.zhihu.com
    taobao.com item.jd.com pan.baidu.com pan.quark.cn v.douyin.com xhslink.com music.163.com
    archive.org web.archive.org change.org www.change.org zh.wikipedia.org reddit.com arxiv.org
    keep4o.org keep4o.example petition.example.org letter.keep-light.example save-chatgpt.org
    dear4o.com anti-scam.example memory-letter.example viewer.example.org
    openaccess.thecvf.com openal.org openapi.alipay.com openapis.org openoffice.org openwrt.org
    openui.dev openstreetmap.org chatppt.cn chatroom.cn gptzero.me zhihuishu.com hellogithub.com
    ngrok.com pineapple.com appleton.org grokking.com gemini.com claudemonet.com claudia.com
    philanthropic.org douban.com cloud.com ucloud.cn weixiu.com deepl.com deepai.org sorare.com
    kimiraikkonen.fi poetry.org telegra.ph discord.gg chat.pku.edu.cn deepseek.pku.edu.cn
    chatgpt.fandom.com lencx.github.io münchen.de café.fr пример.рф 中文.com 192.168.0.1 localhost
    groq.com mistral.ai ollama.com 12306.cn www.gov.cn youtu.be openai github
"""
_TABLE = [(trick, host) for trick, hosts in POSING.items() for host in hosts.split()]


@pytest.mark.parametrize(("trick", "host"), _TABLE, ids=[host for _, host in _TABLE])
def test_a_name_that_poses_as_another_is_seen(trick: Trick, host: str) -> None:
    verdict = judge(host)
    assert verdict.suspicious, verdict.reason
    assert verdict.brand
    assert verdict.reason
    # A name may use two tricks at once; which is told first matters little.
    plain = {Trick.SUFFIX, Trick.EXTRA_WORDS, Trick.IN_FRONT}
    assert verdict.trick is trick or {trick, verdict.trick} <= plain


@pytest.mark.parametrize("host", HONEST.split())
def test_an_honest_name_is_left_alone(host: str) -> None:
    assert not judge(host).suspicious, judge(host).reason


@pytest.mark.parametrize("host", ["openai.com", "chat.openai.com", "OPENAI.COM.", "openai。com"])
def test_the_real_one_is_known(host: str) -> None:
    verdict = judge(host)
    assert verdict.judgement is Judgement.OFFICIAL
    assert verdict.brand == "OpenAI"


def test_a_whole_address_is_judged_by_its_host() -> None:
    assert judge("https://0penai.com:8443/login?to=openai.com").host == "0penai.com"
    assert not judge("https://github.com/openai/0penai.com").suspicious


def test_letters_of_two_alphabets_in_one_word_are_a_trick_whatever_the_word() -> None:
    verdict = judge("хello-world.example")
    assert verdict.trick is Trick.FOREIGN_LETTERS
    assert not verdict.brand


def test_the_reason_names_the_address_that_is_meant() -> None:
    assert "openai.com" in judge("0penai.com").reason
    assert judge("chatgtp.com").home == "chatgpt.com"


@given(st.text(max_size=300))
def test_whatever_is_asked_gets_an_answer(text: str) -> None:
    judge(text).reason.encode()


def test_the_command_line_answers_each_line() -> None:
    answers = [json.loads(line) for line in judged(["0penai.com\n", "\n", "github.com\n"])]
    assert [answer["suspicious"] for answer in answers] == [True, False]
    assert answers[0]["official"] == "openai.com"
