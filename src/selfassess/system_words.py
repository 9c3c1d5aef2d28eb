"""What an operating system reports of files, in words for a clerk; opens none."""

from __future__ import annotations

import errno

_GONE = "设备或网络连接已断开"
NO_MEMORY = "内存不足"
_NO_RIGHT = "没有权限"
_NOT_FOUND = "找不到文件或文件夹"
_FULL = "磁盘已满"
_WORDS = {
    errno.EIO: "读写出错",
    errno.ENODEV: _GONE,
    errno.ENXIO: _GONE,
    errno.ENOTCONN: _GONE,
    errno.ESTALE: _GONE,
    errno.ECONNRESET: _GONE,
    errno.ETIMEDOUT: "设备没有响应",
    errno.EBUSY: "正被占用",
    errno.EMFILE: "打开的文件太多",
    errno.ENFILE: "打开的文件太多",
    errno.ENOMEM: NO_MEMORY,
    errno.EACCES: _NO_RIGHT,
    errno.EPERM: _NO_RIGHT,
    errno.EROFS: "磁盘是只读的",
    errno.ENOSPC: _FULL,
    errno.EDQUOT: _FULL,
    errno.EFBIG: "文件太大",
    errno.ENOENT: _NOT_FOUND,
    errno.ENOTDIR: _NOT_FOUND,
    errno.EISDIR: "这是一个文件夹",
    errno.ENAMETOOLONG: "路径过长",
    errno.ELOOP: "链接绕成了圈",
}
"""What is most often reported; the rest keeps its name, for those who are asked to help."""


def in_words(error: OSError) -> str:
    """What the system refused, as a phrase.

    Args:
        error: The refusal; one that says in Chinese what it means is taken at its word.
    """
    said = error.strerror or ""
    if said and not said.isascii():
        return said
    if error.errno in _WORDS:
        return _WORDS[error.errno]
    return f"系统错误 {errno.errorcode.get(error.errno or 0) or str(error) or type(error).__name__}"
