"""卷积是什么？"""

from cnnlib import shapes
from cnnlib.interactive import Option, Question


def questions() -> list[Question]:
    """本课的测验。"""
    side = shapes.output_size(7, kernel=2, stride=2)
    start, end = shapes.resolve_padding("same", size=6, kernel=3, stride=2)
    one_filter, filters, channels = 5 * 5 * 3, 16, 3
    return [
        Question(
            "长为2的卷积核以步幅2走过7个像素，放得下几个窗口？",
            [
                Option(f"{side + 1}", "会有一个伸出末尾：要向下取整，不是向上"),
                Option("3.5", "半个窗口不算窗口：要向下取整"),
                Option(f"{side}", "最后一个像素不在任何窗口里", right=True),
            ],
            see="步子迈大些",
        ),
        Question(
            "CNN在滑动卷积核之前，对它做什么？",
            [
                Option("什么也不做", "第一个权重对上第一个像素", right=True),
                Option("把它翻转", "那是更古老的运算，`np.convolve`做的那种"),
                Option("把它缩放到和为1", "模糊卷积核的和是这样，Sobel的是0"),
            ],
            see="叫对名字",
        ),
        Question(
            "彩色图像有3个通道。一个卷积核怎样看它们？",
            [
                Option("三个通道共用一个权重方格", "每个通道都有自己的"),
                Option("给出三张特征图", "全部加起来，只得一张图"),
                Option("每个通道一个权重切片，全部加起来", "每个位置一个数", right=True),
            ],
            see="看遍所有通道",
        ),
        Question(
            f"一层有{filters}个5×5的卷积核，读入{channels}个通道。它的输出有几个通道？",
            [
                Option(f"{filters}", "每个卷积核一张特征图", right=True),
                Option(f"{filters * channels}", "每个卷积核都对通道求和"),
                Option(f"{channels}", "输入的通道在求和时就合在一起了"),
                Option(f"{one_filter}", "这是一个卷积核的权重数"),
            ],
            see="叠放多个卷积核",
        ),
        Question(
            "6个像素，卷积核长3，步幅2，Keras的`same`。零加在哪里？",
            [
                Option("两边各一个", "那是`padding=1`的做法，PyTorch的习惯"),
                Option(f"前面{start}个，后面{end}个", "奇数个零，多的一个放在末尾", right=True),
                Option("哪里也不加：`same`要求步幅为1", "它给出n / s个窗口，向上取整"),
            ],
            see="加一圈边",
        ),
        Question(
            "一个卷积核的权重加起来是0。什么再也抬高不了它的输出？",
            [
                Option("给每个像素加上同样的亮度", "加的是0", right=True),
                Option("更强的对比度", "对比度加倍，和也加倍"),
                Option("更像卷积核的图像块", "那仍然会抬高它"),
            ],
            see="匹配图案",
        ),
    ]


# translates 6088603773 1ed3be1244
