"""网络怎么知道该怪哪个权重？"""

from cnnlib.interactive import Option, Question


def questions() -> list[Question]:
    """本课的自测题。"""
    slope, rate = 4, 0.1
    first, second = 3, -2
    window, arrives = 4, 8
    pixels, kernel, stride = 8, 3, 2
    outputs = (pixels - kernel) // stride + 1
    return [
        Question(
            f"损失对一个权重的斜率是{slope}，学习率是{rate}。梯度下降会怎么做？",
            [
                Option(f"给权重加上{rate * slope}", "那是往上坡走"),
                Option(f"从权重里减去{rate * slope}", "逆着斜率走一小步", right=True),
                Option(f"从权重里减去{slope}", "一步是斜率乘以学习率"),
            ],
            see="扰动一个权重，量一量",
        ),
        Question(
            "从一个权重到损失只有一条路径，路径上一前一后有两个斜率："
            f"{first}和−{-second}。损失对这个权重的斜率是多少？",
            [
                Option(f"{first + second}", "路径会合处斜率才相加，沿一条路径不相加"),
                Option(f"−{-first * second}", "沿一条路径，斜率相乘", right=True),
                Option(f"{first}", "两个斜率对损失都有作用"),
            ],
            see="沿一条路径，斜率相乘",
        ),
        Question(
            "一个权重用在一百个位置上。损失对它的斜率是什么？",
            [
                Option("一百条路径之和", "扰动它，每条路径都跟着动", right=True),
                Option("一百个斜率中最大的", "别的路径也会让损失移动"),
                Option("一百个斜率的乘积", "沿着同一条路径，斜率才相乘"),
            ],
            see="路径会合，斜率相加",
        ),
        Question(
            f"对{window}个值做池化，传回到这个输出的是{arrives}。这些值各得多少？",
            [
                Option(
                    f"若是最大池化，各得{arrives // window}",
                    "扰动一个落败的值，输出不动",
                ),
                Option(
                    f"若是平均池化，各得{arrives // window}",
                    f"扰动其中一个，平均值移动扰动的1/{window}",
                    right=True,
                ),
                Option(f"不论哪一种，都各得{arrives}", "没有哪个值单独能让平均值移动那么多"),
            ],
            see="让斜率往回穿过各层",
        ),
        Question(
            "卷积对卷积核的梯度是什么？",
            [
                Option("与卷积核的逆相乘", "用不着什么逆"),
                Option("一个输出的梯度", "一个权重在每个输出里都出力：要相加"),
                Option(
                    "用输出的梯度与输入作卷积",
                    "每个权重从所有位置收集",
                    right=True,
                ),
            ],
            see="追究卷积核的责任",
        ),
        Question(
            f"大小为{kernel}的卷积核，步幅为{stride}，在{pixels}个像素上给出{outputs}个输出。"
            "反向时，最后一个像素得到什么？",
            [
                Option("0", "没有窗口读它，扰动它谁也感觉不到", right=True),
                Option("和别的像素一样多", "它没有参与任何一个输出"),
                Option("最后一个输出得到的", "最后一个窗口还没到它就结束了"),
            ],
            see="当心步幅剩下的像素",
        ),
    ]


# translates 2505c37289 60512b2b8e
