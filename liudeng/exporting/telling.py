"""What an export says of itself to whoever finds it."""

from liudeng.exporting.place import CHATLAB, QCE
from liudeng.manifest import MANIFEST

_WHO = {
    False: (
        "这里有真实的名字、QQ 号和每个人说过的话，只给这个群的群主和维护留灯的人保管。\n"
        "要交给别人，请另外导出一份化名的：liudeng export --pseudonymous"
    ),
    True: (
        "这是化名的一份：每个人有一个固定的化名，时间只到小时，名字和号码都隐去了，\n"
        "没认过字、遮不了的图没有放进来。熟悉这个群的人，仍可能从说话的内容认出是谁。"
    ),
}


def readme(*, nameless: bool) -> str:
    """Return the text of the file that explains the others."""
    return (
        "留灯的群存档导出\n\n"
        f"{_WHO[nameless]}\n\n"
        "html/index.html　　用浏览器打开，按天翻看，不用联网\n"
        f"{CHATLAB}　　ChatLab 能直接打开\n"
        f"{QCE}　　qq-chat-exporter 的格式，能用 liudeng import 导回\n"
        "media/　　图片和文件，文件名是内容的 SHA-256\n"
        f"{MANIFEST}　　每个文件的 SHA-256。检查有没有被改过：\n"
        f"　　liudeng verify 这个目录，或在这个目录里 sha256sum -c {MANIFEST}\n"
    )
