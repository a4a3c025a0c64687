"""How shoes, bags and watches look: outlines and seams on a sheet of 100 x 100 units."""

from utils.data.catalogue.painter import DARK, METAL, RUBBER, both, brush, fill, flip, oval, smooth


def draw_sneaker(canvas, detail):
    """A laced sneaker from the side, toes to the right, with a white sole."""
    if detail == "a high top":
        collar = [(13, 20, 1), (24, 24), (36, 18, 1), (43, 20, 1), (46, 40), (54, 52)]
        laces = [(41, 26), (42.5, 34), (45, 42), (50, 49), (57, 54)]
        canvas.paint(fill(oval(28, 21, 14, 4)), DARK)
    else:
        collar = [(11, 42, 1), (22, 49), (34, 45), (41, 36, 1), (48, 39, 1)]
        laces = [(46, 43), (51, 47), (56, 51), (61, 54)]
        canvas.paint(fill(oval(26, 46, 15, 5)), DARK)
    upper = [(11, 76, 1), (9, 60), *collar, (62, 55), (78, 58), (91, 63), (94, 76, 1)]
    canvas.paint(fill(smooth(upper)))
    canvas.paint(fill(smooth([(77, 76, 1), (75, 66), (82, 59), (91, 63), (94, 76, 1)])), RUBBER)
    canvas.crease([(10, 60), (20, 62), (24, 74)], 1.6)
    canvas.crease([(laces[0][0] - 4, laces[0][1] + 4), (laces[-1][0] - 9, laces[-1][1] + 6), (70, 74)], 1.4)
    for x, y in laces:
        canvas.paint(brush([(x - 5, y + 3), (x + 3, y - 1.5)], 2.8), RUBBER, volume="flat", edge=235)
    sole = [(8, 73, 1), (50, 74), (95, 73, 1), (96, 79), (92, 84), (50, 84), (10, 84), (7, 79)]
    canvas.paint(fill(smooth(sole)), RUBBER)
    canvas.crease([(9, 79.5), (94, 79.5)], 1.2, 120)
    canvas.rest_on(84, 10, 92)


def draw_boot(canvas, detail):
    """A leather boot from the side with a dark sole and a block heel."""
    top = 10 if detail == "a tall shaft" else 38
    canvas.paint(fill(oval(39, top + 1.5, 16.5, 3.5)), DARK)
    leg = [(22, top, 1), (39, top + 4), (56, top, 1), (55, 48 if top < 20 else 52), (57, 60)]
    upper = [*leg, (68, 66), (86, 68), (90, 80, 1), (22, 80, 1), (20, 70), (23, 60)]
    canvas.paint(fill(smooth(upper)))
    canvas.crease([(23, 62), (38, 66), (40, 79)], 1.6)
    canvas.crease([(57, 60), (52, 68), (55, 79)], 1.6)
    canvas.crease([(22, top + 7), (39, top + 10), (56, top + 7)], 1.6)
    if detail == "a tall shaft":
        canvas.crease([(39, 18), (38, 40), (38, 64)], 1.4, 80)
    else:
        canvas.paint(fill(smooth([(33, 47, 1), (47, 47, 1), (42, 66), (38, 66)])), (70, 66, 66))
        canvas.paint(brush([(23, 42), (20, 34), (25, 34), (26, 42)], 2), DARK)
    sole = [
        (21, 78, 1),
        (60, 79),
        (90, 77, 1),
        (91, 82),
        (88, 84),
        (56, 84),
        (46, 82, 1),
        (44, 90, 1),
        (22, 90, 1),
    ]
    canvas.paint(fill(smooth(sole)), DARK)
    canvas.rest_on(89, 24, 88)


def draw_pump(canvas, detail):
    """A lady's shoe from the side, open on top, toes to the right."""
    if detail == "a high heel":
        canvas.paint(
            fill(smooth([(9, 44, 1), (24, 54, 1), (17, 66), (15, 88, 1), (9.5, 88, 1), (9, 62)])), DARK
        )
        inner = [(10, 28), (22, 26), (44, 54), (66, 66), (50, 72), (16, 46)]
        upper = [(8, 26, 1), (14, 40), (30, 52), (48, 68), (62, 66), (72, 66), (88, 78), (95, 86, 1)]
        upper += [(66, 88, 1), (52, 82), (30, 60), (9, 52, 1), (6, 40)]
        sole = [(24, 56), (40, 70), (58, 86), (76, 88), (94, 87)]
    else:
        canvas.paint(fill(smooth([(8, 76, 1), (26, 78, 1), (25, 86, 1), (9, 86, 1)])), DARK)
        inner = [(10, 52), (24, 50), (50, 58), (64, 64), (46, 74), (14, 68)]
        upper = [(7, 50, 1), (14, 60), (34, 66), (54, 68), (64, 60), (80, 66), (92, 74), (95, 83, 1)]
        upper += [(60, 84, 1), (30, 79), (8, 79, 1), (5, 64)]
        sole = [(10, 79), (40, 81), (66, 85), (94, 84)]
    canvas.paint(fill(smooth(inner)), (206, 176, 146))
    canvas.paint(fill(smooth(upper)))
    canvas.paint(brush(sole, 2.4), DARK)
    canvas.rest_on(88 if detail == "a high heel" else 86, 10, 92)


def draw_handbag(canvas, detail):
    """A leather bag with a flap, a clasp and two handles."""
    if detail == "long handles":
        top, arch = 50, [(66, 52), (67, 22), (60, 5), (50, 5)]
    else:
        top, arch = 40, [(64, 42), (64, 28), (58, 20), (50, 20)]
    handle = arch + list(reversed(flip(arch)))
    canvas.paint(brush([(x, y + 2.5) for x, y in handle], 3), tone=140, patterned=False)
    body = both([(50, top), (76, top, 1), (80, top + 16), (87, 84, 1), (80, 88), (50, 89)])
    canvas.paint(fill(smooth(body)))
    canvas.paint(brush(handle, 4), tone=200, patterned=False)
    flap = both([(76, top, 1), (79, top + 14, 1), (64, top + 20), (50, top + 21)])
    canvas.paint(fill(smooth(flap)), tone=215, edge=110)
    for x in (36, 64):
        canvas.paint(fill(oval(x, top + 4, 2.6)), METAL)
    canvas.paint(fill([(45.5, top + 16), (54.5, top + 16), (54.5, top + 24), (45.5, top + 24)]), METAL)
    canvas.crease([(46, top + 20), (54, top + 20)], 1, 120)
    canvas.rest_on(88, 16, 84)


def draw_backpack(canvas, detail):
    """A school backpack from the front, with straps behind it."""
    strap = [(66, 22), (84, 34), (84, 62), (76, 80)]
    canvas.paint(brush(strap, 5) | brush(flip(strap), 5), (84, 82, 88))
    canvas.paint(brush([(42, 14), (44, 5), (56, 5), (58, 14)], 3.4), (84, 82, 88))
    side = [(74, 56, 1), (82, 58), (82, 82), (74, 86, 1)]
    canvas.paint(fill(smooth(side), smooth(flip(side))), tone=170, patterned=False)
    body = both([(50, 9), (68, 9), (76, 26), (77, 60), (76, 90), (64, 91), (50, 91)])
    canvas.paint(fill(smooth(body)))
    canvas.crease(both([(50, 19), (64, 19), (68, 30), (69, 42)])[::-1], 1.8, 150)
    pockets = [(56, 85)] if detail == "one pocket" else [(40, 57), (63, 86)]
    for top, bottom in pockets:
        pocket = both([(50, top), (68, top), (70, top + 6), (70, bottom - 4), (68, bottom), (50, bottom)])
        canvas.paint(fill(smooth(pocket)), tone=225, edge=115, patterned=False)
        canvas.paint(brush([(34, top + 5), (66, top + 5)], 1.8), DARK)
        canvas.paint(brush([(62, top + 5), (62, top + 9)], 1.8), METAL)
    canvas.rest_on(90, 26, 74)


def draw_watch(canvas, detail):
    """A wrist watch from above: strap, case, dial, hands and crown."""
    strap = both([(50, 4), (63, 4), (66, 20), (69, 36, 1), (69, 64, 1), (66, 80), (63, 97), (50, 97)])
    canvas.paint(fill(smooth(strap)))
    for y in (82, 87, 92):
        canvas.paint(fill(oval(50, y, 1.3)), DARK)
    canvas.paint(fill([(35, 6), (65, 6), (65, 11), (35, 11)]), METAL)
    canvas.paint(fill([(72, 46), (79, 46), (79, 54), (72, 54)]), METAL)
    if detail == "a round face":
        case, dial = oval(50, 50, 25), oval(50, 50, 20)
    else:
        case = smooth(both([(50, 28), (71, 28), (73, 30), (73, 70), (71, 72), (50, 72)]))
        dial = smooth(both([(50, 33), (67, 33), (68, 34), (68, 66), (67, 67), (50, 67)]))
    canvas.paint(fill(case), METAL)
    canvas.paint(fill(dial), (250, 250, 248), volume="flat", edge=90)
    for x, y in ((50, 34), (50, 66), (34, 50), (66, 50)):
        canvas.paint(brush([(x, y), (x + (50 - x) / 6, y + (50 - y) / 6)], 2.4), DARK, volume="flat")
    canvas.paint(brush([(50, 50), (50, 36)], 2.4), DARK, volume="flat")
    canvas.paint(brush([(50, 50), (60, 56)], 2.8), DARK, volume="flat")
    canvas.hover()
