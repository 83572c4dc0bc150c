"""相隔很远的像素，怎样才能相遇？"""

from cnnlib import architectures
from cnnlib.interactive import Option, Question
from cnnlib.layers import Conv2D
from cnnlib.network import Network


def questions() -> list[Question]:
    """本课的自测题。"""
    kernel, field = 5, architectures.lenet5()["C3"].receptive_field[0]
    three = Network((64, 64, 1), [Conv2D(1, 3)] * 3)[-1].receptive_field[0]
    return [
        Question(
            f"LeNet的C3，卷积核是{kernel}×{kernel}的。它的单元，感受野有多大？",
            [
                Option(f"{kernel}×{kernel}", "这是卷积核：要数输入的像素"),
                Option(f"{field}×{field}", "前面各层的卷积核和池化都要添上", right=True),
                Option("32×32", "到了C5，单元才看到全部"),
            ],
            see="算算它怎样变大",
        ),
        Question(
            "三个3×3的卷积，步幅为1，一个接一个。能看到多大一块？",
            [
                Option("9×9", "大小不能直接相加：每一层添的是大小减一"),
                Option("3×3", "这只是其中一层"),
                Option(f"{three}×{three}", "1，每层再添2", right=True),
            ],
            see="算算它怎样变大",
        ),
        Question(
            "两个相隔很远的像素，要有什么才会相互作用？",
            [
                Option(
                    "一个同时看到两者的单元，并且在那里或它后面有非线性",
                    "没有非线性，两者的效果只是相加",
                    right=True,
                ),
                Option("一个同时看到两者的单元", "只相加的话，每个像素都好像另一个不存在似的"),
                Option("任何一层里的非线性", "在它们相遇之前，非线性帮不上忙"),
            ],
            see="分清相加与相互作用",
        ),
        Question(
            "所有层都有填充，所以只有步幅会让图变小。"
            "不添新的权重，也不让图变小，用什么能让感受野变大？",
            [
                Option("步幅", "图会变小"),
                Option("空洞", "权重之间拉开距离；有些空洞率会留下空隙", right=True),
                Option("再加一层", "它会带来自己的权重"),
            ],
            see="选择怎样看得更远",
        ),
        Question(
            "几层3×3，步幅为1，一层接一层。哪些像素到达一个单元的走法最多？",
            [
                Option("都一样多", "从正中出发有许多种走法，从角上只有一种"),
                Option("感受野边界上的", "从角上只有一种走法"),
                Option("感受野正中的", "越往里，走法越多", right=True),
            ],
            see="量量一个单元用了多少",
        ),
    ]


# translates 38ab511107 78dbe6053c
