"""没有CNN，你会怎样给一张20×20的图像分类？"""

from cnnlib.interactive import Option, Question
from cnnlib.layers import Dense, Flatten
from cnnlib.network import Network


def questions() -> list[Question]:
    """本课的测验。"""
    classes = 4
    parameters = Network((20, 20, 1), [Flatten(), Dense(classes)]).parameters
    weights = parameters - classes
    return [
        Question(
            f"400个像素，{classes}个类别。线性分类器有多少个参数？",
            [
                Option(f"{weights:,}", "每个类别还有一个偏置"),
                Option(f"{weights + 1:,}", "每个类别都有自己的偏置，不是共用一个"),
                Option(f"{parameters:,}", "每个类别400个权重和一个偏置", right=True),
            ],
            see="直接用像素",
        ),
        Question(
            "分类器给每个像素配一个权重。图画移动了3个像素：凭什么说图画和从前一样好，"
            "只是对它来说放错了位置？",
            [
                Option(
                    "让权重跟着移动，就又对了",
                    "图画相同，权重相同，纠正的只是位置",
                    right=True,
                ),
                Option("静止时它是对的", "这说明不了移动有什么影响"),
                Option("一移动它就错", "图画毁了，它也会这样错"),
            ],
            see="移动图画",
        ),
        Question(
            "由HOG特征和线性分类器组成的系统，学到的是什么？",
            [
                Option("小格和直方图的分组", "这些在看到第一张图画之前就选定了"),
                Option("分类器的权重", "特征是固定的", right=True),
                Option("两者都是", "只有分类器拿到了标签"),
            ],
            see="设计变化更小的特征",
        ),
        Question(
            "图形符号会移动，边缘特征这样做：只取大小不带符号，四个方向分开，在方块上取均值。"
            "少了哪一样最不要紧？",
            [
                Option("只取大小", "保留符号，就不比原始像素强"),
                Option("方向分开", "相加以后，就几乎不比原始像素强"),
                Option("在方块上取均值", "没有它，损失很小", right=True),
            ],
            see="找出起作用的是哪一部分",
        ),
        Question(
            "图形符号的边缘特征在方块里池化，遇到强噪声时比原始像素损失更大。损失主要来自哪一部分？",
            [
                Option("边缘卷积核", "不做池化，同样的卷积核损失小得多"),
                Option("去掉符号", "保留符号，帮助不如不做池化"),
                Option("池化", "1,600个数它只留下64个", right=True),
            ],
            see="修补特征",
        ),
    ]


# translates 5f45778f74 b73a63e9e9
