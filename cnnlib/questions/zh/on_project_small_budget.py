"""只用2,000个参数，你能为四种图形符号设计出多好的分类器？"""

from cnnlib.interactive import Option, Question
from cnnlib.layers import Conv2D, Dense, Flatten, GlobalMaxPooling2D, MaxPooling2D
from cnnlib.network import Network


def questions() -> list[Question]:
    """本课的自测题。"""
    kernels = Conv2D(16, 5, padding="same")
    blocks = [kernels, MaxPooling2D(5), Flatten(), Dense(4)]
    anywhere = [kernels, GlobalMaxPooling2D(), Dense(4)]
    by_block, overall = (Network((20, 20, 1), layers)[-1] for layers in (blocks, anywhere))
    return [
        Question(
            f"{kernels.filters}幅20×20的特征图，每个5×5的块取最大值，再接4个得分。"
            "得分有多少个参数？",
            [
                Option(f"{overall.parameters}", "只有每幅图只留一个数时才这么少"),
                Option(
                    f"{by_block.parameters:,}",
                    f"每幅图的每一块都有一个权重，每个得分{by_block.input_shape[0]}个，"
                    "外加一个偏置",
                    right=True,
                ),
                Option("没有参数", "池化没有参数，但后面的得分有"),
            ],
            see="一次只改一样",
        ),
        Question(
            "在移动的图像上，全局最大池化胜过了分块。凭什么说原因在于移动？",
            [
                Option("它的参数更少", "在静止的图像上参数也更少，它却输了"),
                Option("三个种子结果一致", "这表明它更好，却没有说明原因"),
                Option(
                    "在不移动的图像上，分块的设计更好",
                    "只去掉了移动，名次就倒了过来",
                    right=True,
                ),
            ],
            see="一次只改一样",
        ),
        Question(
            "三个设计在验证图像上分别是0.986、0.990和0.988，"
            "每个设计的几个种子之间最多相差0.01。由此可知什么？",
            [
                Option("第二个最好", "它的种子与另外两个的互相重叠"),
                Option(
                    "还说明不了什么",
                    "差距小于波动范围：要么多用几个种子，要么另找一处差别",
                    right=True,
                ),
                Option("三个一样好", "差别也许有，只是还看不出来"),
            ],
            see="认识任务和标杆",
        ),
        Question(
            "你在同一批验证图像上试了二十个设计，留下了最好的一个。它在新图像上会怎样？",
            [
                Option(
                    "平均说来比在那批图像上差一点",
                    "它能被选中，部分靠的是在那批图像上的运气",
                    right=True,
                ),
                Option("一样好", "假如不是那批图像把它挑出来的，就会一样"),
                Option("更好，因为训练得更久", "挑选并不是训练"),
            ],
            see="只评判一次",
        ),
        Question(
            "一个设计在学过的图像上认对0.48，在其他图像上认对0.49。毛病在哪里？",
            [
                Option("过拟合", "那样的话，它在学过的图像上应当做得好"),
                Option("连自己的样本都认不好", "这是欠拟合", right=True),
                Option("没有毛病，两者一致", "一致是一致，可是都太低了"),
            ],
            see="找出设计失败的原因",
        ),
    ]


# translates df716f7a3a 83f8262a86
