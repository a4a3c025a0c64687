"""How each garment looks: outlines and seams on a sheet of 100 x 100 units."""

from utils.data.catalogue.painter import DARK, METAL, both, brush, fill, flip, oval, smooth


def draw_t_shirt(canvas, detail):
    """A jersey shirt laid flat, with a round collar."""
    if detail == "long sleeves":
        sleeve = [(64, 19, 1), (76, 24), (84, 42), (96, 78, 1), (85, 82, 1), (76, 58), (69, 40, 1)]
        cuff = [(83.5, 77), (94.5, 73)]
    else:
        sleeve = [(64, 19, 1), (78, 24), (95, 43, 1), (82, 54, 1), (69, 42, 1)]
        cuff = [(80, 50.5), (92, 40.5)]
    canvas.paint(fill(oval(50, 19.5, 10, 4)), tone=120)  # the inside of the back
    canvas.paint(fill(smooth(sleeve), smooth(flip(sleeve))), tone=235)
    canvas.crease(cuff)
    canvas.crease(flip(cuff))
    body = both([(50, 29), (56, 26), (60, 17, 1), (68, 20, 1), (71, 34), (71, 46), (70, 64), (72, 88, 1)])
    canvas.paint(fill(smooth(body)))
    canvas.crease(both([(50, 33), (57, 30), (63, 19)])[::-1], 1.2)
    canvas.crease([(29, 84), (71, 84)], 1.2, 80)
    canvas.hover()


def draw_trousers(canvas, detail):
    """Trousers laid flat, with waistband, fly and pockets."""
    if detail == "long legs":
        top, half = 8, [(67, 8, 1), (70, 20), (73, 36), (76, 93, 1), (57, 93, 1), (54, 60), (50, 38, 1)]
    else:
        top, half = 22, [(70, 22, 1), (73, 34), (82, 76, 1), (54, 79, 1), (52, 62), (50, 54, 1)]
    hem, inner, outer = half[-4][1] - 4, half[-3][0], half[-4][0]
    waist = half[0][0]
    canvas.paint(fill(smooth([(50, top, 1), *half])), tone=250)
    canvas.paint(fill(smooth(flip([(50, top, 1), *half]))))
    band = [(100 - waist, top), (waist, top), (waist + 1, top + 7), (99 - waist, top + 7)]
    canvas.paint(fill(band), tone=215, patterned=False)
    canvas.crease([(50, top + 7), (50, half[-1][1])], 1.2, 130)
    canvas.crease([(54, top + 7), (55, top + 18), (50, top + 23)], 1.1, 80)
    for side in (list, flip):
        canvas.crease(side([(waist - 6, top + 7), (waist - 3, top + 14), (waist + 4, top + 17)]), 1.3, 130)
        canvas.crease(side([(inner - 1, hem), (outer, hem - 1)]), 1.1, 100)
    canvas.paint(fill(oval(50, top + 3.5, 1.9)), METAL)
    canvas.hover()


def draw_dress(canvas, detail):
    """A dress with a fitted waist and a wide skirt."""
    skirt = both([(57, 42, 1), (66, 52), (87, 86), (70, 93), (50, 95)])
    canvas.paint(fill(smooth(skirt)), tone=250)
    for x, low in ((43, 26), (57, 74), (48, 43), (52, 57)):
        canvas.crease([(x, 50), ((x + low) / 2, 68), (low, 90)], 1.3, 70)
    if detail == "long sleeves":
        sleeve = [(60, 11, 1), (69, 15), (78, 30), (90, 56, 1), (83, 60, 1), (70, 38), (62, 28, 1)]
        canvas.paint(fill(oval(50, 13, 9, 3)), tone=120)
        canvas.paint(fill(smooth(sleeve), smooth(flip(sleeve))), tone=228)
        top = both([(50, 22), (56, 19), (58, 10, 1), (65, 12, 1), (64, 28), (57, 44, 1)])
    else:
        strap = [(57, 22), (57, 14), (54, 6)]
        canvas.paint(brush(strap, 2.6) | brush(flip(strap), 2.6))
        top = both([(50, 25, 1), (56, 18), (62, 22, 1), (62, 32), (57, 44, 1)])
    canvas.paint(fill(smooth(top)))
    canvas.paint(brush([(43.5, 43), (50, 44), (56.5, 43)], 5), tone=150, patterned=False)
    canvas.hover()


def draw_skirt(canvas, detail):
    """A pleated skirt with a waistband."""
    long = detail == "a long hem"
    top, bottom, wide = (10, 90, 28) if long else (24, 74, 37)
    skirt = [(60, top + 6, 1), (65, top + 16), (50 + wide, bottom - 5, 1)]
    skirt += [
        (50 + wide * x, bottom + y, 1) for x, y in ((0.85, 4), (0.7, -1), (0.48, 5), (0.24, -1), (0, 5))
    ]
    canvas.paint(fill(smooth(both(skirt))))
    for x in (-0.7, -0.24, 0.24, 0.7):
        canvas.crease([(50 + 10 * x, top + 8), (50 + 16 * x, top + 18), (50 + wide * x, bottom)], 2.4, 125)
    canvas.paint(fill([(39, top), (61, top), (61.5, top + 7), (38.5, top + 7)]), tone=190, patterned=False)
    canvas.paint(fill(oval(50, top + 3.5, 1.7)), METAL)
    canvas.hover()


def draw_coat(canvas, detail):
    """A buttoned coat with pockets, and a collar or a hood."""
    sleeve = [(64, 19, 1), (74, 23), (81, 42), (88, 76, 1), (76, 79, 1), (70, 50), (67, 38, 1)]
    if detail == "a hood":
        canvas.paint(
            fill(smooth(both([(50, 3), (64, 6), (67, 20), (58, 32), (50, 34)]))), tone=235, patterned=False
        )
        canvas.paint(fill(smooth(both([(50, 10), (58, 13), (58, 24), (50, 32)]))), (66, 62, 66))
    else:
        canvas.paint(fill(smooth(both([(50, 13), (60, 15), (56, 34), (50, 44)]))), (66, 62, 66))
    canvas.paint(fill(smooth(sleeve), smooth(flip(sleeve))), tone=230)
    for side in (list, flip):
        cuff = [(75, 71.5, 1), (86.5, 68.5, 1), (88, 76, 1), (76, 79, 1)]
        canvas.paint(fill(side(cuff)), tone=205, patterned=False)
    right = [(50, 40, 1), (60, 17, 1), (67, 20, 1), (70, 36), (69, 52), (77, 93, 1), (50, 94, 1)]
    canvas.paint(fill(smooth(flip(right))))
    canvas.paint(fill(smooth([(46, 40, 1), (46, 94, 1), *reversed(right[1:-1])])), tone=250)
    if detail == "a collar":
        lapel = [(60, 14, 1), (66, 25, 1), (62, 29, 1), (66, 33, 1), (50, 50, 1), (52, 36)]
        canvas.paint(fill(smooth(lapel), smooth(flip(lapel))), tone=190, patterned=False)
    else:
        canvas.paint(fill([(45.5, 40), (54.5, 40), (54.5, 93), (45.5, 93)]), tone=225, patterned=False)
        rim = both([(50, 38), (59, 30), (64, 18)])
        canvas.crease(rim[::-1], 1.6, 130)
    for y in (54, 66, 78):
        canvas.paint(fill(oval(50, y, 2.1)), DARK)
        canvas.shine(fill(oval(49.4, y - 0.6, 0.9)), 90)
    for side in (list, flip):
        canvas.paint(brush(side([(58, 65), (68, 63)]), 3.4), tone=190, patterned=False)
    canvas.hover()


def draw_hat(canvas, detail):
    """A felt hat with a ribbon, seen a little from above."""
    wide = detail == "a wide brim"
    reach, y = (45, 64) if wide else (31, 66)
    canvas.paint(fill(oval(50, y, reach, 11 if wide else 8)), tone=215, patterned=False)
    crown = both([(50, 27), (58, 22), (67, 26), (70, 44), (73, y, 1), (62, y + 5), (50, y + 6)])
    canvas.paint(fill(smooth(crown)))
    half = [(71.5, y - 10, 1), (73, y - 1, 1), (62, y + 4.5), (50, y + 5.5)]
    over = [(50, y - 3.5), (62, y - 4.5)]
    canvas.paint(fill(smooth([*both(half), *flip(over[::-1]), *over])), DARK)
    canvas.crease([(44, 27), (50, 35), (56, 27)], 2, 90)
    canvas.rest_on(y + (9 if wide else 7), 50 - reach, 50 + reach)


def draw_cap(canvas, detail):
    """A baseball cap from the side, with panels and a button."""
    tip = 96 if detail == "a long visor" else 83
    shift = 0 if detail == "a long visor" else 5

    def move(points):
        return [(p[0] + shift, *p[1:]) for p in points]

    visor = [(60, 58, 1), (76, 55), (tip, 66), (tip - shift, 72), (tip - 14, 69), (52, 69, 1)]
    canvas.paint(fill(smooth(move(visor))), tone=195, patterned=False)
    crown = [(12, 67, 1), (11, 44), (24, 26), (42, 23), (62, 30), (69, 48), (67, 62), (40, 70)]
    canvas.paint(fill(smooth(move(crown))))
    canvas.crease(move([(40, 25), (44, 44), (42, 67)]), 1.5)
    canvas.crease(move([(40, 25), (25, 36), (20, 65)]), 1.3, 80)
    canvas.crease(move([(40, 25), (58, 34), (64, 56)]), 1.3, 80)
    canvas.crease(move([(13, 63), (40, 67), (66, 60)]), 1.5)
    canvas.paint(fill(oval(40 + shift, 25, 3.4, 2.4)), tone=190, patterned=False)
    for x, y in ((33, 36), (50, 38)):
        canvas.paint(fill(oval(x + shift, y, 1.4)), DARK)
    canvas.rest_on(71, 14 + shift, tip - 4)
