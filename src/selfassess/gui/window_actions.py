"""The main window's commands with their texts and keys, in menus and tool bar; what they do, the window knows."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from PySide6.QtCore import QCoreApplication
from PySide6.QtGui import QAction, QKeySequence
from PySide6.QtWidgets import QMainWindow, QMenu, QToolBar

if TYPE_CHECKING:
    from collections.abc import Sequence


def _tr(text: str) -> str:
    return QCoreApplication.translate("MainWindow", text)


class Command(NamedTuple):
    """One command.

    Attributes:
        name: Under which the window finds it.
        text: In menus; the letter after & is its mnemonic.
        keys: Shortcuts, the first one is shown.
        tip: What it does, for status line and tool tip; "" when the text says it.
        checkable: Whether it is switched on and off.
    """

    name: str
    text: str
    keys: tuple[str, ...] = ()
    tip: str = ""
    checkable: bool = False


SEPARATOR = Command(name="", text="")
_MENUS: tuple[tuple[str, tuple[Command, ...]], ...] = (
    (
        "文件(&F)",
        (
            Command(name="new", text="新建自评表…", keys=("Ctrl+N",)),
            Command(name="open", text="打开…", keys=("Ctrl+O",)),
            Command(name="start", text="全部草稿", keys=("Ctrl+Shift+O",), tip="回到草稿列表"),
            Command(name="save_as", text="另存为…", keys=("Ctrl+Shift+S",), tip="在别处另存一份经过核对的副本"),
            Command(name="merge", text="比较与合并…", tip="与同一份草稿的另一个副本逐行比较，选定要留下的内容"),
            Command(name="merges", text="合并记录…", tip="以前合并时没有采用的内容"),
            Command(name="compare", text="对照上年自评表…", tip="选一份上年的草稿逐行对照，也可以更换或不再对照"),
            SEPARATOR,
            Command(name="restore", text="恢复…", tip="回到以前某个时间的内容；可以撤销"),
            Command(name="backups", text="恢复自动备份…", tip="从程序自动留下的备份打开一份"),
            SEPARATOR,
            Command(name="preview", text="打印预览", keys=("Ctrl+P",), tip="看到的就是打印出来的"),
            Command(name="pdf", text="导出 PDF…", keys=("Ctrl+E",)),
            Command(name="xlsx", text="导出 Excel…", keys=("Ctrl+Shift+E",)),
            SEPARATOR,
            Command(name="close", text="关闭", keys=("Ctrl+W",)),
        ),
    ),
    (
        "编辑(&E)",
        (
            Command(name="undo", text="撤销", keys=("Ctrl+Z",)),
            Command(name="redo", text="重做", keys=("Ctrl+Y", "Ctrl+Shift+Z")),
            SEPARATOR,
            Command(name="cut", text="剪切", keys=("Ctrl+X",)),
            Command(name="copy", text="复制", keys=("Ctrl+C",)),
            Command(name="paste", text="粘贴", keys=("Ctrl+V",)),
            Command(name="clear", text="清除单元格", tip="清除选中的得分和备注（Delete）"),
            SEPARATOR,
            Command(name="find", text="查找", keys=("Ctrl+F",), tip="按文字或状态筛选各行"),
        ),
    ),
    (
        "查看(&V)",
        (
            Command(name="unit", text="单位信息", keys=("Ctrl+U",)),
            Command(name="table", text="自评表", keys=("Ctrl+T",)),
            SEPARATOR,
            Command(name="categories", text="考核内容列表", checkable=True),
            Command(name="panel", text="指标面板", keys=("F4",), checkable=True),
            Command(name="findings", text="审核问题", keys=("F9",), checkable=True),
            Command(name="tall", text="显示全部文字", tip="各行按内容撑开，不省略计算方法", checkable=True),
            SEPARATOR,
            Command(name="larger", text="放大字号", keys=("Ctrl++", "Ctrl+=")),
            Command(name="smaller", text="缩小字号", keys=("Ctrl+-",)),
            Command(name="dark", text="深色界面", checkable=True),
            SEPARATOR,
            Command(name="next_pane", text="下一个区域", keys=("F6",), tip="在表格、指标面板、问题列表之间移动"),
        ),
    ),
    (
        "审核(&R)",
        (
            Command(name="next_finding", text="下一处问题", keys=("F8",)),
            Command(name="previous_finding", text="上一处问题", keys=("Shift+F8",)),
            SEPARATOR,
            Command(name="next_blank", text="下一个未填行", keys=("F7",)),
            Command(name="correct", text="更正指标体系…", tip="对照原件更正当前行的文字、分值或参数"),
        ),
    ),
    (
        "帮助(&H)",
        (
            Command(name="manual", text="使用手册", keys=("F1",)),
            Command(name="about", text="关于"),
        ),
    ),
)
_TOOLS = ("undo", "redo", "", "preview", "pdf", "xlsx", "", "next_finding")


class Commands:
    """The commands of one window.

    Args:
        window: Where they are shown and work.
    """

    def __init__(self, window: QMainWindow) -> None:
        self._window = window
        self._actions: dict[str, QAction] = {}
        for title, commands in _MENUS:
            menu = window.menuBar().addMenu(_tr(title))
            self._fill(menu, commands)

    def __getitem__(self, name: str) -> QAction:
        return self._actions[name]

    def fill_tool_bar(self, bar: QToolBar) -> None:
        """Put the frequent commands into the tool bar."""
        for name in _TOOLS:
            if name:
                bar.addAction(self._actions[name])
            else:
                bar.addSeparator()

    def _fill(self, menu: QMenu, commands: Sequence[Command]) -> None:
        for command in commands:
            if command is SEPARATOR:
                menu.addSeparator()
                continue
            action = QAction(_tr(command.text), self._window)
            action.setObjectName(command.name)
            action.setShortcuts([QKeySequence(key) for key in command.keys])
            tip = _tr(command.tip) if command.tip else _tr(command.text).rstrip("…")
            action.setToolTip(f"{tip}（{command.keys[0]}）" if command.keys else tip)
            action.setStatusTip(tip)
            action.setCheckable(command.checkable)
            menu.addAction(action)
            self._actions[command.name] = action
