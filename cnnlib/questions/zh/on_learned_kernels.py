"""卷积核能不能学出来：先是一个，再是许多个，再是一层又一层？"""

from cnnlib.interactive import Option, Question


def questions() -> list[Question]:
    """本课的自测题。"""
    kernel_side, image_side = 5, 20
    places = image_side**2
    return [
        Question(
            "用竖条纹的图像学一个3×3的卷积核，直到损失为0。学到了什么？",
            [
                Option("全部九个权重", "在条纹里，总是三个权重一起起作用"),
                Option("什么也没学到，图像太单调了", "图像还是定下了权重的三个和"),
                Option(
                    "它每一列的和",
                    "这个和怎样分给三个权重，没有哪条条纹分辨得出来",
                    right=True,
                ),
            ],
            see="看它做什么，学会一个卷积核",
        ),
        Question(
            f"一个5×5的卷积核在{image_side}×{image_side}个像素上滑动，填充为`same`。"
            "有多少个权重在学习？",
            [
                Option(f"{kernel_side**2}", "所有位置训练的是同样的权重", right=True),
                Option(f"{places * kernel_side**2:,}", "这是乘积的个数，不是权重的"),
                Option(f"{places}", "这是位置的个数"),
            ],
            see="凭标签学会许多个卷积核",
        ),
        Question(
            "一个网络认对了58%的训练图像，以及57%的新图像。最值得先试的是什么？",
            [
                Option("更多图像", "手里的这些它还没学会呢"),
                Option("更少的卷积核", "那样它能表达的就更少了"),
                Option("更多卷积核", "它欠拟合：该有的本事表达不出来", right=True),
            ],
            see="凭标签学会许多个卷积核",
        ),
        Question(
            "前后两层卷积核，中间没有函数。它们能算出什么？",
            [
                Option("不比一层多", "两张表乘成一张", right=True),
                Option("比一层多一倍", "加权和的加权和还是加权和"),
                Option("不管朝哪个方向的边缘", "那得在中间加一个ReLU"),
            ],
            see="看看ReLU有什么用",
        ),
        Question(
            "卷积神经网络从什么当中学习？",
            [
                Option("许多带标签的图像", "标签说出它的回答错得多厉害", right=True),
                Option("一次一张图像，在里面寻找物体", "没有人告诉过它什么是物体"),
                Option("人画出来的特征图", "事先没有人知道特征图是什么样"),
            ],
            see="把卷积核一层层叠起来",
        ),
        Question(
            "学得的卷积核比手工设计的特征认对得多。凭什么说是学习的功劳？",
            [
                Option(
                    "分类器不变，换回它学习之前的随机卷积核，认对得就少",
                    "别的什么都没有变",
                    right=True,
                ),
                Option("训练图像上的准确率", "那也可能是过拟合"),
                Option("学得的卷积核看起来像边缘", "样子分不了类"),
            ],
            see="与手工设计的比一比",
        ),
    ]


# translates a2b9b598ff d36700187e
