"""Fold a message to the form the lexicon is written in, keeping the way back to the original text.

Every character of the folded text remembers the one original character it came from, so a match can
be shown to a moderator as the member really wrote it. Han characters are never turned into Latin.
"""

import re
import unicodedata
from collections.abc import Sequence
from dataclasses import dataclass

HEAD_CHARS = 1200
"""Characters assessed at the start of an over-long message."""
TAIL_CHARS = 400
"""Characters assessed at its end: people put the hardest sentence last."""

_TRADITIONAL = (
    "說話語讓請謝誰該認識記許訴詞詩誤談論謊證護變殺藥遺書臨終結絕線給緒續經綁繩繼續約級紀純組"
    "後來會過這邊還進遠達運選適遞離開關門間問聞閉醫個們傷僅億優儘償兒兩內處處動務勸勞勝時晝"
    "愛戀應懷憶懶憂慮憤慘慣態戰戲擇擔據擠揮掃換攔樓橋樣樂機權歡歲殘殼氣決沒淚淺渾溫滅滿潔濕"
    "燒燈營爺牆狀獨現環產畫當發瘋癒療盡監盜眾睏瞞確碼禮種積穩窮競筆節簡範築腦臉膽與舊萬葉"
    "著藍蟲術衛補裝裡製見規視親覺覽觀計訂討訓設訪評詳誠誇課調負財責貨買費貼賠賣賴質賬贏趕跡"
    "躍車軟輕輪輸辦農遊遲郵鄰釋針鐘鎖錄錢錯鏡長閃閒闊陣陰陸險隨隱難靈靜響頂順預頭題願類風飛飯"
    "飲養餘餓館馬騙驗驚體髒魚鳥點無為專業東嚴喪豐義習鄉亂爭於雲產亞創別剛勢協卻參單嗎嘗嚇圍園"
    "圖團國墳壞壓壽夢夠夾婦媽學寧寶實寫對導將屆屬帶幫幹幾廣庫廢張強彈彎從復徵總惡恥惱懸"
    "刪囑劃劑腳帳銀鑰傳轉連櫃墜滾陽臺徹嗚塊紅綠緊擁雙淨掛墊攤閣陳劉趙楊黃瀉烏餵"
    "醜絲丟爲舉麼虧倉儀價衆夥傘侶倆債傾黨興冊軍衝凍準涼減憑凱擊則劇勁區華臥厲厭廚疊號喫聽啓啟"
    "嘔唄員嗆鹹嘮嚕圓場堅聲壺備嬸寵宮寢尋爾尷屍層屜崗峯幣帥師並慶牀棄歸懼懲憊戶撲託執擾拋搶報"
    "擬擰撥攣掙撿擱擺撐攢斂數鬥斷顯曬曉暈條極標欄檔檢橫殯毀畢匯湯澆測溼潰灘爛燭煙煩燙熱牽豬貓"
    "獻瑣電痙癢癱皁蓋盤睜禪祕稱稅糧糾紗納紙練細絡統績維繃編緣縊縮繆網罰羨羣職聯膚脈脫膩騰蘇薦"
    "獲虛蠟襲訃議講訟詛詐診譯試誘讀諒諧謠敗購貫賤貴貸賈資賜贅賽贊軌載較輔輩輯辭闢辯邁違鬱採裏"
    "釣鈣鍾鑽鐵銘鏟鏈銷鍋鍵鐲悶閨閱閻闌隊韻項顧頓領頻顆額飾餃饞罵騎驟魯鯊雞鳴鴨鴿鵝鵡鸚齊龍"
)
_SIMPLIFIED = (
    "说话语让请谢谁该认识记许诉词诗误谈论谎证护变杀药遗书临终结绝线给绪续经绑绳继续约级纪纯组"
    "后来会过这边还进远达运选适递离开关门间问闻闭医个们伤仅亿优尽偿儿两内处处动务劝劳胜时昼"
    "爱恋应怀忆懒忧虑愤惨惯态战戏择担据挤挥扫换拦楼桥样乐机权欢岁残壳气决没泪浅浑温灭满洁湿"
    "烧灯营爷墙状独现环产画当发疯愈疗尽监盗众困瞒确码礼种积稳穷竞笔节简范筑脑脸胆与旧万叶"
    "着蓝虫术卫补装里制见规视亲觉览观计订讨训设访评详诚夸课调负财责货买费贴赔卖赖质账赢赶迹"
    "跃车软轻轮输办农游迟邮邻释针钟锁录钱错镜长闪闲阔阵阴陆险随隐难灵静响顶顺预头题愿类风飞饭"
    "饮养余饿馆马骗验惊体脏鱼鸟点无为专业东严丧丰义习乡乱争于云产亚创别刚势协却参单吗尝吓围园"
    "图团国坟坏压寿梦够夹妇妈学宁宝实写对导将届属带帮干几广库废张强弹弯从复征总恶耻恼悬"
    "删嘱划剂脚账银钥传转连柜坠滚阳台彻呜块红绿紧拥双净挂垫摊阁陈刘赵杨黄泻乌喂"
    "丑丝丢为举么亏仓仪价众伙伞侣俩债倾党兴册军冲冻准凉减凭凯击则剧劲区华卧厉厌厨叠号吃听启启"
    "呕呗员呛咸唠噜圆场坚声壶备婶宠宫寝寻尔尴尸层屉岗峰币帅师并庆床弃归惧惩惫户扑托执扰抛抢报"
    "拟拧拨挛挣捡搁摆撑攒敛数斗断显晒晓晕条极标栏档检横殡毁毕汇汤浇测湿溃滩烂烛烟烦烫热牵猪猫"
    "献琐电痉痒瘫皂盖盘睁禅秘称税粮纠纱纳纸练细络统绩维绷编缘缢缩缪网罚羡群职联肤脉脱腻腾苏荐"
    "获虚蜡袭讣议讲讼诅诈诊译试诱读谅谐谣败购贯贱贵贷贾资赐赘赛赞轨载较辅辈辑辞辟辩迈违郁采里"
    "钓钙钟钻铁铭铲链销锅键镯闷闺阅阎阑队韵项顾顿领频颗额饰饺馋骂骑骤鲁鲨鸡鸣鸭鸽鹅鹉鹦齐龙"
)
_TO_SIMPLIFIED = dict(zip(_TRADITIONAL, _SIMPLIFIED, strict=True))

_HAN = r"[\u3400-\u9fff\U00020000-\U0003ffff]"
# Short calls and particles stand alone on purpose ("妈 对不起"): the space beside one is a pause.
_LONE_HAN = r"(?![妈爸哥姐姨爷奶好行嗯哦唉哎对是啊哈乖草呵诶欸喂算])" + _HAN
_CLUTTER_HINT = re.compile(r"[ .*/\\|·•_^~\-\[\]]")
_CLUTTER = re.compile(
    rf"(?<={_HAN})[.*/\\|·•_^~\-\[\]]{{1,3}}(?={_HAN})"  # between Han: 自*杀
    rf"|(?<!\w){_LONE_HAN}(?P<gap> {{1,2}})(?={_HAN})"  # after a lone Han character: 自 鲨
    rf"|(?<={_HAN}) {{1,2}}(?={_LONE_HAN}(?!\w))"  # before one: 想 死
    rf"|(?<={_HAN}) (?=[s4](?!\w))|(?<={_HAN} [s4]) (?={_HAN})"  # around a letter: 要 s 掉
    r"|(?<=[a-z])(?<![a-z0-9][a-z])[.*/\-_ ]{1,2}(?=[a-z](?![a-z0-9]))"  # z.s, z s
)


class _FoldTable(dict[int, str]):
    """`str.translate` table filled on demand; `odd` holds what does not fold to one character."""

    def __init__(self) -> None:
        super().__init__()
        self.odd: set[str] = set()

    def __missing__(self, code: int) -> str:
        char = chr(code)
        folded = _fold_char(char)
        if len(folded) != 1:
            self.odd.add(char)
        self[code] = folded
        return folded


def _fold_char(char: str) -> str:
    if char in "\n…":  # NFKC would make three full stops of an ellipsis
        return char
    if char.isspace():
        return " "
    if unicodedata.category(char) in {"Cf", "Mn", "Me", "Cc", "Cn", "Co", "Cs"}:
        return ""
    folded = unicodedata.normalize("NFKC", char).casefold()
    return "".join(_TO_SIMPLIFIED.get(one, one) for one in folded)


_TABLE = _FoldTable()


@dataclass(frozen=True, slots=True)
class Normalised:
    """The folded text and, for each of its characters, the index of the original character."""

    text: str
    origins: Sequence[int]

    def span(self, start: int, end: int) -> tuple[int, int]:
        """Original `[start, end)` of a non-empty folded `[start, end)`."""
        return self.origins[start], self.origins[end - 1] + 1


def normalise(text: str) -> Normalised:
    """Fold `text`; of an over-long one only the head and the tail, joined by a line break."""
    if len(text) <= HEAD_CHARS + TAIL_CHARS:
        return _normalise(text)
    head = _normalise(text[:HEAD_CHARS])
    tail_at = len(text) - TAIL_CHARS
    tail = _normalise(text[tail_at:])
    # No pattern crosses a line break, so the joint can never be part of a match.
    origins = [*head.origins, HEAD_CHARS, *(tail_at + origin for origin in tail.origins)]
    return Normalised(f"{head.text}\n{tail.text}", origins)


def _normalise(text: str) -> Normalised:
    folded = text.translate(_TABLE)
    origins: Sequence[int] = range(len(folded))
    if not _TABLE.odd.isdisjoint(text):
        origins = [at for at, char in enumerate(text) for _ in _TABLE[ord(char)]]
    return _drop_clutter(folded, origins)


def _drop_clutter(folded: str, origins: Sequence[int]) -> Normalised:
    if not _CLUTTER_HINT.search(folded):
        return Normalised(folded, origins)
    kept: list[str] = []
    kept_origins: list[int] = []
    done = 0
    for match in _CLUTTER.finditer(folded):
        start, end = match.span("gap") if match["gap"] else match.span()
        kept.append(folded[done:start])
        kept_origins.extend(origins[done:start])
        done = end
    if not done:
        return Normalised(folded, origins)
    kept.append(folded[done:])
    kept_origins.extend(origins[done:])
    return Normalised("".join(kept), kept_origins)
