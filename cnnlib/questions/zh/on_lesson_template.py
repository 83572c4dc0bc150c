"""所有权重都相同的卷积核做什么？"""

from cnnlib.interactive import Option, Question


def questions() -> list[Question]:
    """这一课的自测：四到六道题，放到别的课里也读得懂。"""
    side = 3
    weights = side * side
    return [
        Question(
            f"一个{side}×{side}的卷积核求均值。每个权重是多大？",
            [
                Option("1", f"那样得到的是{weights}个像素的和"),
                Option(f"1/{weights}", f"{weights}个这样的权重加起来是1", right=True),
                Option(f"1/{side}", f"{weights}个这样的权重加起来是{weights // side}"),
            ],
            see="求一个图像块的平均值",
        ),
        Question(
            "一片区域里的像素全都相等，求均值会让这片区域怎样？",
            [
                Option("不变", "相等的数求均值，还是那个数", right=True),
                Option("变暗", "只有权重之和小于1时才会变暗"),
                Option("全黑", "权重之和为0时才会这样"),
            ],
            see="求一个图像块的平均值",
        ),
        Question(
            "哪一种误解适合放进自测题？",
            [
                Option("没有人会有的误解", "没有人会选这个答案"),
                Option("文字里的陷阱", "那考的是读题，不是这一课的内容"),
                Option("读者真的会有的误解", "每个答案都有自己的理由", right=True),
            ],
            see="自测",
        ),
        Question(
            "选项里的数是怎么来的？",
            [
                Option("由cnnlib算出", "用f-string，数就不会错", right=True),
                Option("手工输入", "课文一改，数就错了"),
                Option("做成图片", "读屏软件读不出来"),
            ],
            see="自测",
        ),
    ]


# translates 3cf210a9de 2b3ab9e9cd
