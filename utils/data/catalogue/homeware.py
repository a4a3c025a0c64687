"""How mugs, bottles and lamps look: outlines on a sheet of 100 x 100 units."""

from utils.data.catalogue.painter import DARK, METAL, WOOD, both, brush, fill, oval, smooth


def draw_mug(canvas, detail):
    """A mug with its handle to the right; a wooden lid or an open rim."""
    canvas.paint(brush([(66, 40), (84, 36), (92, 54), (82, 72), (66, 72)], 7), tone=225, patterned=False)
    body = [(16, 30, 1), (70, 30, 1), (70, 66), (67, 84), (60, 87), (43, 88), (26, 87), (19, 84), (16, 66)]
    canvas.paint(fill(smooth(body)), volume="tube")
    canvas.paint(fill(oval(43, 30, 27, 6)), tone=250)
    if detail == "a lid":
        lid = [
            (14, 30),
            (14, 24),
            (22, 20),
            (43, 17),
            (64, 20),
            (72, 24),
            (72, 30),
            (60, 35),
            (43, 36),
            (26, 35),
        ]
        canvas.paint(fill(smooth(lid)), WOOD)
        canvas.paint(fill(oval(43, 15, 6, 5)), WOOD)
    else:
        canvas.paint(fill(oval(43, 30.5, 23.5, 4.3)), (74, 48, 34), volume="flat")
    canvas.rest_on(87, 20, 68)


def draw_bottle(canvas, detail):
    """A drinking bottle with a metal top, or with a straw in a dark top."""
    body = both([(50, 26), (57, 27), (58, 33), (69, 42), (70, 52), (70, 88), (67, 93), (50, 94)])
    if detail == "a straw":
        canvas.paint(brush([(52, 24), (54, 10), (58, 6), (72, 4)], 4), (232, 232, 236), volume="flat")
    canvas.paint(fill(smooth(body)), volume="tube")
    canvas.crease([(31, 45), (50, 47), (69, 45)], 1.4, 90)
    canvas.crease([(30, 87), (50, 89), (70, 87)], 1.4, 90)
    if detail == "a straw":
        canvas.paint(fill(smooth(both([(50, 19), (60, 20), (62, 24), (62, 33), (50, 34)]))), DARK)
    else:
        canvas.paint(fill([(41, 10), (59, 10), (59, 30), (41, 30)]), METAL, volume="tube")
        canvas.paint(fill(oval(50, 10, 9, 2.4)), (206, 208, 214))
        for y in (16, 20, 24):
            canvas.crease([(41.5, y), (58.5, y)], 1, 110)
    canvas.shine(brush([(37, 50), (37, 82)], 3), 50)
    canvas.rest_on(93, 32, 68)


def draw_lamp(canvas, detail):
    """A table lamp: a coloured shade over a metal stem and foot."""
    canvas.paint(fill(oval(50, 89, 20, 4.5)), METAL)
    canvas.paint(fill([(47.5, 50), (52.5, 50), (52.5, 88), (47.5, 88)]), METAL, volume="tube")
    canvas.paint(fill(smooth(both([(53, 64), (58, 72), (56, 82), (53, 86)]))), METAL, volume="tube")
    if detail == "a cone shade":
        shade = both([(50, 8), (64, 8, 1), (83, 50, 1), (50, 54)])
        glow = oval(50, 51, 31, 3)
    else:
        shade = both([(50, 9), (66, 10), (80, 24), (84, 50, 1), (50, 54)])
        glow = oval(50, 51, 32, 3)
    canvas.paint(fill(glow), (255, 236, 170), volume="flat")
    canvas.paint(fill(smooth(shade)), volume="tube")
    canvas.paint(fill(smooth(both([(82, 48), (82, 53), (50, 57), (50, 52)]))), (255, 238, 180), volume="flat")
    canvas.paint(fill(oval(50, 8, 3, 2.4)), DARK)
    canvas.rest_on(92, 30, 70)
