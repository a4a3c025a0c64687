"""A report card for your generator, pictures or folder: report(model), report(images), report("folder")."""


def report(pictures, reference=None, count=None, seed=0):
    """Measure pictures against real ones and return a ReportCard, which shows itself and has .save(path).

    pictures: an array (n, height, width, channels), uint8 or in [-1, 1]; a Keras model from latents to
    images; a function: number -> so many images; or a folder. reference: "fashion-mnist", "catalogue",
    "clothing-photos" or a folder of real photos; without it, the source that has pictures of this size.
    """
    from utils.report.make import make_report  # Keras is loaded when it is needed, not before

    return make_report(pictures, reference, count, seed)
