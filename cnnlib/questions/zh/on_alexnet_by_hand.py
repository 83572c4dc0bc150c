"""62,378,344个参数从何而来（60,965,224个呢）？224还是227？它赢了什么？"""

from cnnlib import architectures, shapes
from cnnlib.interactive import Option, Question
from cnnlib.layers import Conv2D
from cnnlib.network import Network


def questions() -> list[Question]:
    """这一课的自测题。"""
    alexnet, alexnet_2012 = architectures.alexnet(), architectures.alexnet_2012()
    conv1 = alexnet["conv1"].output_shape[0]
    at_224 = Network((224, 224, 3), alexnet.layers)
    conv1_224, pool1_224 = (at_224[name].output_shape[0] for name in ("conv1", "pool1"))
    return [
        Question(
            "宽11的窗口，每次移动四个像素，不填充，224个像素上放得下几个？",
            [
                Option(f"{conv1}", "那要有227个像素，或者向上取整"),
                Option(f"{conv1_224}", "还剩一个像素", right=True),
                Option(f"{224 // 4}", "那是`same`：补了零"),
            ],
            see="选定：224还是227",
        ),
        Question(
            "AlexNet的参数是6000万个，还是6200万个？",
            [
                Option(f"只能是{alexnet.parameters:,}", "论文里的网络分成两组"),
                Option("6000万，由6200万取整而来", "相差的是分成两组省下的"),
                Option(
                    f"两者都对：分成两组是{alexnet_2012.parameters:,}，"
                    f"不分组是{alexnet.parameters:,}",
                    "分成两组，三个层的卷积核就各少一半",
                    right=True,
                ),
            ],
            see="分成两半",
        ),
        Question(
            f"一次池化读{conv1_224}格，窗口宽3，每次移动两格。向上取整得到多少？",
            [
                Option(f"{pool1_224}", "那是向下取整"),
                Option(f"{pool1_224 + 1}", "最后一个窗口伸出边缘", right=True),
                Option(f"{pool1_224 + 2}", "那样会有一个窗口下面什么也没有"),
            ],
            see="选定：224还是227",
        ),
        Question(
            "AlexNet的conv1在224个像素上，窗口宽11，步幅4："
            "用Keras的`same`，还是用PyTorch的每边两个零？",
            [
                Option("是一回事", "Keras给出224 / 4个窗口，不管卷积核多大"),
                Option("PyTorch用`same`就行", "步幅不是1，它就不接受"),
                Option(
                    f"一个是{_conv1_on_224('same')}个窗口，一个是{_conv1_on_224(2)}个",
                    "不过最后都是6×6",
                    right=True,
                ),
            ],
            see="选定：224还是227",
        ),
        Question(
            "以15.3%的前五错误率赢得2012年ImageNet挑战赛的，是什么？",
            [
                Option("一个AlexNet", "单独一个是18.2%"),
                Option("七个网络取平均", "其中两个看过更多照片", right=True),
                Option("手工设计的特征", "那是26.2%，而且也取了平均"),
            ],
            see="看它赢了什么",
        ),
        Question(
            "一张AlexNet的层表漏掉了局部响应归一化。参数总数会差多少？",
            [
                Option("一点也不差", "它的四个常数是设定的，不是学来的", right=True),
                Option("每张特征图差一个", "它没有为哪张特征图单独准备什么"),
                Option("每张特征图差五个", "它读五张特征图，但不用权重"),
            ],
            see="除以邻居",
        ),
    ]


def _conv1_on_224(padding: shapes.Padding) -> int:
    return Network((224, 224, 3), [Conv2D(96, 11, strides=4, padding=padding)]).output_shape[0]


# translates 5db96ecc62 56f52a410c
