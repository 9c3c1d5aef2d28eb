"""Every message a user can see, by stable code; knows no kinds of errors and no places where they are raised.

Each message says where, what, why and what to do next, in one or two sentences. Codes are never reused.
"""

from __future__ import annotations

MESSAGES: dict[str, str] = {
    # E1xx entered text
    # E2xx catalogues
    # E3xx drafts
    "E301": "找不到草稿“{path}”：文件可能已被删除、改名，或所在的U盘已拔出。请检查位置后重新打开。",
    "E302": "“{path}”是文件夹，不是草稿文件。请选择扩展名为 .zpb 的文件。",
    "E303": "“{path}”是空文件（0 字节），里面没有任何填报内容。请从备份或其他副本中打开。",
    "E304": "“{path}”不是本程序的草稿，未作任何改动。请选择由本程序保存的 .zpb 文件。",
    "E305": "草稿“{path}”由更新版本的程序保存（格式 {version}，本程序最高支持格式 {known}），未作任何改动。请升级本程序后再打开。",
    "E306": "草稿“{path}”已损坏（{detail}），未作任何改动。请保留该文件，改用备份或其他副本，或联系信息技术人员。",
    "E307": "草稿“{path}”正由{owner}打开，不能同时打开两次。请先在那里关闭，再重试。",
    "E308": "草稿“{path}”正被另一个程序占用，不知道是谁。请关闭可能打开它的窗口或同步、杀毒软件后重试。",
    "E309": "草稿“{path}”已在本程序中打开（{since} 起）。请切换到已打开的窗口。",
    "E310": "草稿“{path}”是只读文件，无法保存填报内容。请取消“只读”属性，或复制到可写的文件夹再打开。",
    "E311": "文件夹“{folder}”不可写，无法在其中保存草稿。请把草稿复制到可写的文件夹（如“文档”）再打开，或另存到别处。",
    "E312": "磁盘已满，刚才的修改没有保存，草稿“{path}”仍是修改前的内容。请清理磁盘后重试，或“另存为”到其他磁盘。",
    "E313": "草稿“{path}”在打开期间被删除、改名或移走，刚才的修改没有保存。请用“另存为”把全部内容保存到新的位置。",
    "E314": "草稿“{path}”在打开期间被另一个文件替换，刚才的修改没有保存。请用“另存为”把全部内容保存到新的位置，再比较两个文件。",
    "E315": "读写草稿“{path}”时磁盘或U盘出错（{detail}），刚才的操作没有完成。请检查设备连接后重试，或“另存为”到其他磁盘。",
    "E316": "另存的副本“{path}”没有通过核对（{detail}），已删除；原草稿不受影响。请换一个磁盘或文件夹重试。",
    "E317": "文件夹“{folder}”不存在，无法在其中保存。请先新建该文件夹，或选择其他位置。",
    "E318": "“{path}”就是当前打开的草稿，内容已随时保存。请另选文件名或位置。",
    "E319": "草稿“{path}”已损坏：{place}的内容“{value}”无法识别。请保留该文件，改用备份或其他副本，或联系信息技术人员。",
    "E320": "“{path}”已经存在，为免覆盖没有新建。请换一个文件名，或直接打开它。",
    "E321": "路径“{path}”过长（{length} 字节，最多 {most} 字节；一个汉字占 3 字节）。请缩短文件名或换到层级较少的文件夹。",
    "E322": "没有权限读取“{path}”。请向文件所有者或信息技术人员申请读取权限。",
    "E323": "无法加入佐证材料“{path}”：{detail}。请检查文件后重试。",
    "E324": "佐证材料“{name}”已损坏（内容与登记的校验值不符）。请删除后重新加入原件。",
    "E325": "草稿“{path}”中的指标体系无法读取：{detail}。请保留该文件，改用备份或其他副本，或联系信息技术人员。",
    "E326": "更正后的指标体系与当前自评表的序号不一致（{detail}），没有更正。更正只能改文字、分值和参数，不能增删或重编序号。",
    "E327": "数值 {value} 超出可以保存的范围。请输入绝对值小于 10 的 30 次方、小数不超过 30 位的数。",
    "E328": "文件名“{name}”不能使用：{detail}。请换一个文件名。",
    "E329": "原草稿所在位置已无法读取，已按屏幕上的内容另存；历史记录和佐证材料没有带过来。请核对后重新加入佐证材料。",
    "E330": "“{path}”不是本程序的草稿，为免损坏其他文件没有覆盖。请换一个文件名。",
    "E331": "本机的 SQLite {found} 版本过旧，草稿需要 {needed} 或更高版本。请使用本程序自带的安装包，或升级系统的 Python。",
    "E332": "草稿“{path}”的历史记录已损坏，无法{verb}这一步；当前内容不受影响。请继续填报。",
    "E333": "草稿“{path}”上次没有正常关闭（{owner}），打开时将自动恢复到最后一次保存的内容。",
    "E334": "草稿“{path}”正由{owner}打开。",
    # E4xx exports
    # E5xx answers files and filled forms
    # F1xx findings: errors; F2xx: verify; F3xx: hints
}


def message(code: str, **values: object) -> str:
    """The wording of a code, filled in.

    Args:
        code: A key of :data:`MESSAGES`.
        values: What its placeholders stand for.

    Returns:
        The Chinese sentence.

    Raises:
        KeyError: The code or a placeholder is unknown; that is a bug of the caller.
    """
    return MESSAGES[code].format(**values)
