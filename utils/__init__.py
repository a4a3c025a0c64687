"""The library of the course; every lesson shows a part of it.

data       products in: catalogue, Fashion-MNIST, your own photos; python -m utils.data.shards FOLDER OUT:
           more photos than fit into memory; python -m utils.data.share FOLDER: one folder for a class
losses     formulas only; critic_losses those of other games: Wasserstein, hinge, softer labels;
           feature_losses in the terms of a network that looks: content, style, feature matching
models     build_* functions, each returns a keras.Model
training   budgets, device, one trainer per model family, callbacks; strategy, mirror, replicas, workers:
           the same trainers on many devices
metrics    features and distances: arrays in, float out
show       arrays in, figures out; the live training view; widgets
exercises  check, hint, solution, progress
terminal   what a terminal cannot show must not end a command
enhance    python -m utils.enhance FOLDER: photos restored
report     python -m utils.report FOLDER: a report card of generated pictures
interview  python -m utils.interview: cards, due dates, the mock interview
course     python -m utils.course lab | run | update | doctor; to teach: plan | slides | handout | grade |
           nbgrader, and skip.skip_to for who comes late; for authors: build | check

Imports go one way:
data, losses, models <- training, metrics, show <- exercises, interview, enhance, report <- course.
"""
