"""怎样搭建、查看并训练AlexNet？"""

from cnnlib import architectures
from cnnlib.interactive import Option, Question


def questions() -> list[Question]:
    """这一课的自测题。"""
    alexnet = architectures.alexnet()
    image_bytes = 4 * 227 * 227 * 3
    training_macs = 3 * alexnet.macs - alexnet["conv1"].macs  # 没有人要像素的梯度
    return [
        Question(
            "AlexNet按227×227读MNIST的60,000个数字。为什么每次只放大一个8张的批量？",
            [
                Option("计算量小一些", "计算量一样，只是推迟了"),
                Option(
                    f"一次放大所有数字，要占{60_000 * image_bytes / 1e9:.1f} GB",
                    f"一个批量占{8 * image_bytes / 1e6:.0f} MB",
                    right=True,
                ),
                Option("数字会更清晰", "放大只增加像素，不增加细节"),
            ],
            see="每次只喂一个批量",
        ),
        Question(
            "Keras的Dropout(0.5)在`predict`里做什么？",
            [
                Option("把输入减半", "论文是这样；Keras改为在训练时加倍"),
                Option("丢掉一半的输入", "只在训练时"),
                Option("什么也不做", "使用时，收到什么就传出什么", right=True),
            ],
            see="弄清暂退法做了什么",
        ),
        Question(
            "初始权重按He规则或Glorot规则取，用的是同一组随机数：哪里不同？",
            [
                Option("从一层到下一层丢掉多少", "图像之间有差别的那一份，两者一样多"),
                Option(
                    "值和梯度的尺度",
                    "所以同样的学习率，走出的步子大小不同",
                    right=True,
                ),
                Option("没有不同", "用同一个学习率，一个网络在学，另一个还在等"),
            ],
            see="选择初始权重",
        ),
        Question(
            "一个网络背下了八张图像。这说明什么？",
            [
                Option("它学得会", "梯度和学习率都管用", right=True),
                Option("它会识别数字", "另外160个，它大部分读错了"),
                Option("什么也不说明", "有用的梯度传不过去，网络就背不下来"),
            ],
            see="让整个网络背下八个数字",
        ),
        Question(
            "AlexNet学一张图像的计算量，是读一张图像的多少倍？",
            [
                Option("一样", "反向也要算"),
                Option("两倍", "单是反向就差不多有这么多"),
                Option(
                    f"{training_macs / alexnet.macs:.1f}倍",
                    "前向一份，反向将近两份",
                    right=True,
                ),
            ],
            see="算一算真正的训练要花多少",
        ),
        Question(
            "一个网络能分辨一张照片裁出的小块。怎样知道它是否靠颜色？",
            [
                Option("看它的卷积核", "卷积核里有颜色，不等于颜色派上了用场"),
                Option(
                    "去掉颜色，重新训练，再比较",
                    "只改了一处，其余的机会相同",
                    right=True,
                ),
                Option("拿灰色的小块考它", "它从没见过灰色的：单凭这一点就可能认错"),
            ],
            see="给它颜色",
        ),
    ]


# translates 99b3b1ab09 c6ffa2c863
