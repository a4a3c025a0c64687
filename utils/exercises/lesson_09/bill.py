"""Exercise 9.6: how long a training takes, and what it costs."""

import math

from utils.exercises.results import named_results
from utils.exercises.verdict import Exercise, Mistake
from utils.training.scaling import training_cost


def cost_with(hours=None, price=lambda hours, workers, efficiency, rent: hours * workers * rent):
    """A training_cost that is wrong in its hours(images, speed, workers, efficiency), or in its price."""

    def wrong(images, images_per_second, workers, efficiency, price_per_hour):
        arguments = images, images_per_second, workers, efficiency
        taken = hours(*arguments) if hours else training_cost(*arguments, 0.0)[0]
        return taken, price(taken, workers, efficiency, price_per_hour)

    return wrong


def draw_training(generator, size):
    """A training of some hours on several workers that do not scale perfectly."""
    images, speed = float(generator.uniform(1e6, 9e6)), float(generator.uniform(50, 200))
    efficiency, rent = float(generator.uniform(0.5, 0.95)), float(generator.uniform(1, 9))
    return images, speed, size, efficiency, rent


TRAINING_COST = Exercise(
    id="9.6",
    title="The bill",
    minutes=6,
    difficulty=1,
    reference=training_cost,
    examples=(
        (3_600_000, 100, 1, 1.0, 2.0),
        (3_600_000, 100, 4, 1.0, 2.0),
        (3_600_000, 100, 4, 0.8, 2.0),
    ),
    draw=draw_training,
    observe=named_results("time in hours", "price"),
    mistakes={
        "only one worker is paid": Mistake(
            cost_with(price=lambda hours, workers, efficiency, rent: hours * rent),
            "price_per_hour is for one, and all of them run to the end: times workers",
        ),
        "the efficiency is ignored": Mistake(
            cost_with(lambda images, speed, workers, efficiency: images / (speed * workers) / 3600),
            "part of the time goes into waiting for each other: workers * efficiency times as fast",
        ),
        "the efficiency shortens the time": Mistake(
            cost_with(
                lambda images, speed, workers, efficiency: images * efficiency / (speed * workers) / 3600
            ),
            "0.8 means slower: it belongs to the speed, below the line",
        ),
        "the workers are ignored": Mistake(
            cost_with(lambda images, speed, workers, efficiency: images / (speed * efficiency) / 3600),
            "images_per_second is of one worker alone: together they are workers * efficiency times as fast",
        ),
        "this is the time of one worker alone": Mistake(
            cost_with(lambda images, speed, workers, efficiency: images / speed / 3600),
            "together they are workers * efficiency times as fast",
        ),
        "more workers make it slower": Mistake(
            cost_with(
                lambda images, speed, workers, efficiency: images * workers / (speed * efficiency) / 3600
            ),
            "the workers belong to the speed, below the line",
        ),
        "these are seconds": Mistake(
            cost_with(lambda images, speed, workers, efficiency: images / (speed * workers * efficiency)),
            "an hour has 3600 of them",
        ),
        "these are minutes": Mistake(
            cost_with(
                lambda images, speed, workers, efficiency: images / (speed * workers * efficiency) / 60
            ),
            "an hour has 3600 seconds, not 60",
        ),
        "the started hour is paid in full": Mistake(
            lambda images, speed, workers, efficiency, rent: (
                hours := math.ceil(training_cost(images, speed, workers, efficiency, rent)[0]),
                hours * workers * rent,
            ),
            "here parts of an hour count as such: do not round",
        ),
        "only the time that is not lost is paid": Mistake(
            cost_with(price=lambda hours, workers, efficiency, rent: hours * workers * efficiency * rent),
            "a worker that waits is rented all the same: no efficiency in the price",
        ),
        "the efficiency is paid twice": Mistake(
            cost_with(price=lambda hours, workers, efficiency, rent: hours * workers * rent / efficiency),
            "the hours hold the lost time already: hours * workers * price_per_hour",
        ),
        "this is the price of an hour": Mistake(
            cost_with(price=lambda hours, workers, efficiency, rent: workers * rent), "times the hours"
        ),
        "the pair has changed places": Mistake(
            lambda *arguments: training_cost(*arguments)[::-1], "the hours first, then the price"
        ),
    },
    hints=(
        "How many images a second do all of them make together? That is not workers times as many.",
        "hours = images / (images_per_second * workers * efficiency) / 3600",
        "Every worker is paid for every hour: hours * workers * price_per_hour.",
    ),
    why="more workers buy time, not money: the bill rises by what the efficiency loses",
)
