"""Exercise 1.5: alternate the two steps."""

from utils.exercises.verdict import Exercise, Mistake
from utils.training.points_gan import play_round


class Referee:
    """Stands in for a GAN and writes down what it is asked to do, in what order and with what."""

    def __init__(self):
        """Begin with an empty sheet."""
        self.sheet, self.made, self.drawn = [], {}, 0

    def draw_latents(self, count):
        """Hand out latents that know their batch size."""
        self.drawn += 1
        return self.named(f"{int(count)} latents")

    def generator(self, latents, training=False):
        """Make fakes of latents."""
        return self.named(f"fakes of {self.name_of(latents)}")

    def teach_discriminator(self, real_points, fake_points):
        """Write down a step of the discriminator; the loss is its number."""
        self.sheet.append(f"D({self.name_of(real_points)}, {self.name_of(fake_points)})")
        return float(len(self.sheet))

    def teach_generator(self, real_points, latents):
        """Write down a step of the generator; the loss is its number and a hundred."""
        self.sheet.append(f"G({self.name_of(real_points)}, {self.name_of(latents)})")
        return float(100 + len(self.sheet))

    def follow(self):
        """Write down that the average moved."""
        self.sheet.append("average")

    def named(self, name):
        """Return an object that carries a name."""
        thing = object()
        self.made[id(thing)] = thing, name  # kept, so that its id is not used again
        return thing

    def name_of(self, thing):
        """Return the name of an object that this game has made; anything else are the real points."""
        return self.made[id(thing)][1] if id(thing) in self.made else "real"


def one_round(function, inputs):
    """What one round asked of the game, in order, and the losses it gave back."""
    referee = Referee()
    result = function(referee, *inputs)
    seen = {"order of the steps": ", ".join(referee.sheet)}
    if isinstance(result, tuple | list) and len(result) == 2:
        seen["pair of losses"] = [float(loss) for loss in result]
    else:
        seen["pair of losses"] = "not a pair"
    return seen


def round_of(*names, swap=False, batch=None, teach_on_latents=False):
    """A play_round that takes the named steps in the named order."""

    def wrong(gan, real_points):
        count = batch or len(real_points)
        losses = {}
        for name in names:
            if name == "D":
                latents = gan.draw_latents(count)
                fakes = latents if teach_on_latents else gan.generator(latents, training=True)
                losses[name] = gan.teach_discriminator(
                    *((fakes, real_points) if swap else (real_points, fakes))
                )
            elif name == "G":
                losses[name] = gan.teach_generator(real_points, gan.draw_latents(count))
            else:
                gan.follow()
        return losses.get("D", 0.0), losses.get("G", 0.0)

    return wrong


def losses_swapped(gan, real_points):
    """A play_round that returns the generator's loss first."""
    return play_round(gan, real_points)[::-1]


def generator_taught_on_points(gan, real_points):
    """A play_round that hands the generator's step finished fakes."""
    fakes = gan.generator(gan.draw_latents(len(real_points)), training=True)
    d_loss = gan.teach_discriminator(real_points, fakes)
    g_loss = gan.teach_generator(real_points, fakes)
    gan.follow()
    return d_loss, g_loss


PLAY_ROUND = Exercise(
    id="1.5",
    title="Alternate the two steps",
    minutes=10,
    difficulty=2,
    reference=play_round,
    examples=(([[0.0, 1.0], [2.0, 3.0]],), ([[0.0, 1.0]] * 5,)),
    draw=lambda generator, size: (generator.normal(size=(size, 2)).tolist(),),
    observe=one_round,
    mistakes={
        "the generator moves first": Mistake(
            round_of("G", "D", "average"), "a generator learns from the discriminator: teach that one first"
        ),
        "the discriminator is never taught": Mistake(
            round_of("G", "average"), "call gan.teach_discriminator(real_points, fake_points) first"
        ),
        "the generator is never taught": Mistake(
            round_of("D", "average"), "after the discriminator: gan.teach_generator(real_points, latents)"
        ),
        "the average stands still": Mistake(
            round_of("D", "G"), "it is the average that draws: gan.follow() at the end of the round"
        ),
        "the average moves before the generator": Mistake(
            round_of("D", "average", "G"),
            "follow what the generator has just learned: gan.follow() comes last",
        ),
        "the discriminator is taught twice": Mistake(
            round_of("D", "D", "G", "average"), "one step each; more is a method of its own, for critics"
        ),
        "real and fake points are swapped": Mistake(
            round_of("D", "G", "average", swap=True), "teach_discriminator takes the real points first"
        ),
        "the discriminator is shown latents": Mistake(
            round_of("D", "G", "average", teach_on_latents=True),
            "it judges points: pass the latents through gan.generator first",
        ),
        "the generator's step is given finished fakes": Mistake(
            generator_taught_on_points, "it makes them itself, inside its tape: hand it latents"
        ),
        "the batch size is written in": Mistake(
            round_of("D", "G", "average", batch=256), "draw as many latents as there are real points"
        ),
        "the generator's loss comes first": Mistake(
            losses_swapped, "return the discriminator's loss, then the generator's"
        ),
    },
    hints=(
        "Four calls: make fakes, teach the discriminator, teach the generator, move the average.",
        "fake_points = gan.generator(gan.draw_latents(count), training=True), with count = len(real_points).",
        "gan.teach_generator(real_points, gan.draw_latents(count)) makes its own fakes; then gan.follow().",
    ),
    why="each player moves against an opponent that stands still, and the average smooths their circling",
)
