# ---
# jupyter:
#   jupytext:
#     text_representation:
#       extension: .py
#       format_name: percent
#       format_version: '1.3'
#   kernelspec:
#     display_name: Python 3
#     language: python
#     name: python3
# ---

# %% [markdown]
# # 05 · One product, many modalities
#
# > **Interview question 3.** How do you generate several modalities with a GAN?
# >
# > **面试题 3。** 如何在 GAN 中实现多模态生成？先区分"多种模态"与"多个模式"，再说明文字、图像、声音怎样才能说的是同一件商品。
#
# **You will be able to**
#
# * separate in the first sentence what the word mixes up: several *modalities*, several *modes*, and one caption with many
#   right pictures;
# * turn a sound into a picture and back, and say how large that picture is;
# * build the three ways that the question asks for: stacked, conditional, many generators with many discriminators;
# * let a gradient through a choice of words, and say why a plain argmax has none;
# * measure whether picture, words and sound speak of the same product, against chance.
#
# | budget | what for | training | whole notebook |
# |---|---|---|---|
# | `smoke` | tests | seconds | about 40 s |
# | `cpu` | a laptop with 2 cores | about 4 minutes | about 5 minutes |
# | `gpu` | one GPU | longer and wider | not yet run on a GPU |
#
# The exercises take about 45 minutes. You can run the whole notebook first and solve them afterwards:
# a cell that checks an unsolved exercise puts the library's own function in its place.
#
# Late, or here for one part? In a new cell at the top, `from utils.course.skip import skip_to; skip_to("05", "The result")`
# loads what the parts before it make. `skip_to("05")` lists the parts.

# %% tags=["setup"]
from utils.training.device import start_lesson  # first: TensorFlow starts without its log lines

import keras
import numpy as np
import tensorflow as tf
from keras import layers, ops

from utils.exercises import check, hint, progress, solution

# %% tags=["setup"]
budget = start_lesson("05_many_modalities")

# %% [markdown]
# ## The draft answer
#
# A draft that circulates as the answer to this question says that multi-modal generation means to make data of several
# kinds, text, pictures and sound, and names three ways. In our words:
#
# * **stacked generators**: several generators, each makes one kind of data;
# * **conditional GAN**: a label or a text is given to generator and discriminator, "so that it becomes multi-modal";
# * **multi-modal GAN (MMGAN)**: several generators and discriminators are stacked, each for one kind of data.
#
# **Predict first:** three generators, each with a discriminator of its own, each perfect. You draw one product: a picture, a
# sentence and a sound. How often do the three speak of the same product?
#
# ### What an interviewer catches in it
#
# | said | right |
# |---|---|
# | "multi-modal", once | three different questions: modalities, modes, and one condition with many right answers |
# | stacked: one generator per kind of data | in the papers *stacked* is coarse to fine: StackGAN draws small, then large |
# | a condition makes it multi-modal | a condition is given, not generated; without noise it even leaves one answer only |
# | MMGAN, as if it were known | no standard architecture has that name; "MM GAN" in Lucic et al. (2017) is the *minimax* GAN |
# | each kind has its generator and its discriminator | each can be perfect, and they never agree: nothing compares them |
# | text is data like any other | a word is a choice, and a choice has no slope: no gradient reaches the generator |
# | no measure | agreement of all modalities at once, against chance |
#
# The fifth row is the one that decides. We measure it below.
#
# ## Two meanings, and what lies between
#
# **Several modes of one distribution.** 25 heaps of points are one modality with 25 modes. The question is whether the
# generator finds all of them; lesson 01 counts it.
#
# **Several modalities of one thing.** A product has a picture, a sentence and a sound. The question is whether they belong
# together.
#
# **One condition, many right answers** is the bridge: "a red striped hat" is one sentence, and p(picture | sentence) has many
# modes. A model that pays the squared error gives their mean, and the mean of right pictures is not a right picture.

# %%
from utils.data.triples import LENGTH, load_triples
from utils.show.grids import plot_images, plot_rows
from utils.show.pictures import plot_curves, plot_scores, show

products = load_triples(count=budget.image_count)
sentence = max(set(products.captions), key=products.captions.count)
right = products.pictures[[caption == sentence for caption in products.captions]]
show(
    plot_images(
        np.concatenate([right[:7], right.mean(axis=0, keepdims=True)]),
        [*(f"right {number + 1}" for number in range(len(right[:7]))), "their mean"],
        columns=8,
    ),
    alt=f"Pictures that are all right for one sentence, and their blurred mean: {sentence}",
)
print(f"{len(right)} pictures for: {sentence}")

# %% [markdown]
# The same in the terms of lesson 01: modes that are found, and points that lie on one. One right answer given again and again
# is right, and misses 24 modes; the mean of neighbours lies on none.

# %%
from utils.data.points import grid_of_modes
from utils.metrics.modes import high_quality, modes_covered

modes = grid_of_modes()
points = {
    "all 25 modes": modes.draw(2_500, seed=0),
    "one mode, perfectly": modes.draw(2_500, seed=0) * 0.05,
    "between the modes": modes.draw(2_500, seed=0) + 0.5,
}
for name, drawn in points.items():
    print(
        f"{name:20} {modes_covered(drawn, *modes):2} modes found, "
        f"{high_quality(drawn, *modes):4.0%} of the points on one"
    )

# %% [markdown]
# ## The answer in 30 seconds
#
# > "Which multi-modal? If you mean the modes of one distribution, it is diversity: I count coverage and use pairs, R1 or
# > several generators. If you mean one caption with many right pictures, the noise must matter: a conditional GAN, a CVAE or
# > diffusion, never a plain regression. If you mean picture, text and sound of one product: a shared latent makes agreement
# > *possible*, and only something that sees all of them together makes it *happen*, a joint discriminator with real but mismatched
# > triples, or today one sequence model over the tokens of all. Words are discrete, so a GAN needs Gumbel-softmax with a
# > straight-through slope. I measure the share of products whose attributes agree in all modalities at once, against chance."
#
# ## The answer in 3 minutes
#
# * **Stacked**, as in StackGAN (Zhang et al. 2017): stage one draws outline and colours small, stage two gets that picture
#   *and the caption again* and draws it large. One generator per modality is something else: they share at best their
#   latents.
# * **Conditional**: $p(\text{picture} \mid \text{text})$ with noise. It is one arrow between two modalities. For three
#   there are six arrows, or one joint model.
# * **Weight sharing**, CoGAN (Liu and Tuzel 2016): two generators share their first layers and two discriminators their last
#   ones. With modalities that look alike (a photo and its edges) they then agree without a single pair. A picture and a sound
#   do not look alike.
# * **Joint**: a discriminator $D(x, t, s)$ on all modalities of one product. For perfect marginals $p(x)\,p(t)\,p(s)$ the
#   separate discriminators have nothing to say; the joint one still sees $\log \frac{p(x, t, s)}{q(x, t, s)}$.
# * **Negatives**: real triples whose modalities were exchanged. Every part is perfect, so only the fit can give them away.
#   They must differ in what is to be learnt: products that differ in the pattern alone teach the pattern.
# * **Words**: hard one-hot in the forward pass, the slope of a softmax in the backward pass (Jang et al. 2016; Maddison et
#   al. 2016). A soft row of probabilities would be recognised as a fake at once.
# * **Several generators for one modality**, MAD-GAN (Ghosh et al. 2017): the discriminator also says *which* generator drew
#   the point, which pushes them apart. That is for modes, not for modalities.
# * **Evaluation**: a judge per modality that never trained with the generators; all attributes in all modalities at once; the
#   quality of each modality beside it, because a model that always draws the same red hat agrees perfectly.
#
# ## A product to see, to read and to hear
#
# The catalogue's products get a third modality: a till chime, as if each product said its name at the counter. Colour is
# the note, kind the timbre, pattern the rhythm; each chime varies a little, as recordings do.

# %%
from utils.data.chimes import SAMPLE_RATE, SAMPLES, draw_chimes
from utils.data.chimes.recipe import NOTES, RATTLE, RHYTHMS, RINGING, SPECTRA, TIMBRES, describe_chime
from utils.data.chimes.synthesis import ATTACK, DAMPED, HISS

print("notes   ", *(f"{colour} {hertz:.0f} Hz, " for colour, hertz in NOTES.items()))
print("rhythms ", *(f"{pattern} {len(onsets)}, " for pattern, onsets in RHYTHMS.items()))
print("timbres ", *(f"{kind} {spectrum}, " for kind, (spectrum, *_) in TIMBRES.items()))

# %% tags=["listing"]
from utils.data.chimes.synthesis import draw_chime, strokes

# %% [markdown]
# **Listen to ten.** The first four differ in the note alone, the next three in the rhythm, the last three in the timbre.
# Say which is which before you read the line.

# %%
from utils.show.sounds import play_sounds

ten = [("bottle", colour, "plain") for colour in ("red", "green", "blue", "white")]
ten += [("hat", "blue", pattern) for pattern in ("striped", "dotted", "zigzag")]
ten += [(kind, "green", "striped") for kind in ("t-shirt", "dress", "handbag")]
heard = dict(zip(("kind", "colour", "pattern"), zip(*ten, strict=True), strict=True))
chimes = draw_chimes({name: np.array(words) for name, words in heard.items()}, seed=1)
for words in ten:
    print(f"{' '.join((words[1], words[2], words[0])):22} {describe_chime(*words)}")
play_sounds(chimes, [" ".join((colour, pattern, kind)) for kind, colour, pattern in ten])

# %% [markdown]
# ### A sound as a picture
#
# 6,528 numbers say little one by one. A window slides over them, and a Fourier transform says which frequencies are under it:
# the short-time Fourier transform. Bands as wide as the ear hears them (mel) and decibels make a small picture of it.
#
# ### Exercise 5.1 · how large is the picture of a sound? (6 minutes, ★☆☆)
#
# A sound of `samples` numbers, a window of `frame` of them, the next window `hop` later; only whole windows count.
# **Predict first:** how many windows of 512 fit into 6,528 samples with a hop of 128? 51, 48 or 47?

# %% tags=["exercise"]
from utils.data.chimes.spectrogram import spectrogram_size

# %% tags=["check"]
spectrogram_size = check("5.1", spectrogram_size)

# %%
from utils.data.chimes.spectrogram import FRAME, HOP, LOUDEST, RANGE, check_waves, mel_filters, window

frames, bins, seconds, hertz = spectrogram_size(SAMPLES, FRAME, HOP, SAMPLE_RATE)
print(f"{frames} windows, {seconds * 1e3:.0f} ms apart; {bins} frequencies, {hertz:.2f} Hz apart")

# %% tags=["listing"]
from utils.data.chimes.spectrogram import stft, log_mel

# %%
from utils.show.spectrograms import plot_spectrograms

chosen = [0, 5, 8]
show(
    plot_spectrograms(log_mel(chimes[chosen]), [" ".join((ten[i][1], ten[i][2], ten[i][0])) for i in chosen])
)

# %% [markdown]
# **And back.** The picture keeps how strong each band is and forgets the phases. Griffin and Lim (1984) find phases that
# fit together: transform there and back, keep the phases, put the known strengths in again. A generator of spectrograms
# needs that, or a learnt vocoder, to be heard at all.

# %%
from utils.data.chimes import play_spectrogram

play_sounds(
    np.stack([chimes[5], play_spectrogram(log_mel(chimes[5:6])[0])]),
    ["the chime itself", "from its spectrogram: Griffin-Lim"],
)

# %% [markdown]
# ## Do they agree? Three judges, one number
#
# A small network reads kind, colour and pattern off pictures, another off spectrograms; sentences are read by the
# catalogue's own grammar, and what is no sentence of it says nothing. None of the three ever meets a generator while that
# trains.

# %%
from utils.data.vocabulary import learn_vocabulary, tokens_of
from utils.metrics.agreement import agreement_by_chance, modality_agreement, pairwise_agreement
from utils.metrics.readings import read_products
from utils.metrics.sentences import read_sentences, sentence_share

held_out = load_triples("test", budget.score_count)
readings = read_products(held_out.pictures, held_out.captions, held_out.spectrograms)
for name in ("kind", "colour", "pattern"):
    shares = [np.mean(told[name] == held_out.attributes[name]) for told in readings.values()]
    print(
        f"{name:8}", *(f"{modality} {share:6.1%}  " for modality, share in zip(readings, shares, strict=True))
    )

# %% [markdown]
# ### Exercise 5.2 · all attributes in all three modalities (6 minutes, ★☆☆)
#
# What counts is one product at a time: every attribute equal in every modality. **Predict first:** picture and words agree in
# half of the products, so do picture and sound, and so do words and sound. What is the largest and what the smallest share in
# which all three can agree?

# %% tags=["exercise"]
from utils.exercises.lesson_05.answers import agreement

# %% tags=["check"]
agreement = check("5.2", agreement)

# %%
shuffled = np.random.default_rng(0).permutation(len(held_out))
exchanged = {
    "picture": readings["picture"],
    "words": {name: told[shuffled] for name, told in readings["words"].items()},
    "sound": {name: told[shuffled[::-1]] for name, told in readings["sound"].items()},
}
for title, told in {"real products": readings, "real, but exchanged": exchanged}.items():
    scores = modality_agreement(told)
    print(f"{title:20}", *(f"{name} {score:6.1%}  " for name, score in scores.items()))
print(f"chance for all at once: 1 in {1 / agreement_by_chance(readings)['all']:,.0f}")

# %% [markdown]
# ## The first way: stacked
#
# ### StackGAN's meaning: coarse, then fine
#
# Stage one draws 16 x 16 pixels from the caption: where the product stands and in which colours. Stage two gets that
# picture and the caption once more, and draws 32 x 32.
#
# ### Exercise 5.3 · what stage two gets to see (8 minutes, ★★☆)
#
# Lay the caption beside the coarse picture: every pixel carries its colours and the whole caption.
# **Predict first:** a coarse picture of 16 x 16 x 3 and a caption of 64 numbers. What shape goes into stage two?

# %%
from utils.models.blocks import ConditionalNorm, caption_planes

# %% tags=["exercise"]
from utils.models.stacked import stage_two_input

# %% tags=["check"]
stage_two_input = check("5.3", stage_two_input)

# %% tags=["listing"]
from utils.models.stacked import build_stage_two

# %% [markdown]
# Both stages play lesson 04's game: pairs, wrong captions as fakes, naming of the words. Stage one is frozen while stage
# two learns.

# %%
import dataclasses

from utils.data import load_products
from utils.data.pipelines import make_dataset
from utils.show.live import LiveTraining
from utils.training.budget import load_budget
from utils.training.fit import checkpoint_folder, train
from utils.training.stacked import build_stage_one_gan, build_stage_two_gan, halve

catalogue = load_products("catalogue", "train", count=budget.image_count)
vectorizer = learn_vocabulary(catalogue.captions)
tokens = tokens_of(vectorizer, catalogue.captions)
words = vectorizer.vocabulary_size()
small, large = (
    make_dataset(images, 32, tokens=tokens, seed=1) for images in (halve(catalogue.images), catalogue.images)
)
one_budget, two_budget = (
    dataclasses.replace(load_budget("04"), steps=steps)
    for steps in (budget.stage_one_steps, budget.stage_two_steps)
)
stage_one = build_stage_one_gan(one_budget, words, tokens.shape[1])
print(f"stage one draws {stage_one.generator.output_shape[1:]}")

# %%
asked = tokens_of(vectorizer, catalogue.captions[:10])


def draw_stage(gan):
    """Draw a picture for each of ten captions."""
    return gan.draw(keras.random.normal((10, gan.latent_dim), seed=3), gan.encode(asked))


# %% tags=["train"]
one_history = train(
    stage_one,
    small,
    one_budget.steps,
    callbacks=[LiveTraining(lambda: draw_stage(stage_one), one_budget.steps)],
    folder=checkpoint_folder("05_many_modalities-stage-one"),
)

# %% tags=["train"]
stage_two = build_stage_two_gan(two_budget, stage_one, words)
two_history = train(
    stage_two,
    large,
    two_budget.steps,
    callbacks=[LiveTraining(lambda: draw_stage(stage_two), two_budget.steps)],
    folder=checkpoint_folder("05_many_modalities-stage-two"),
)

# %%
coarse = draw_stage(stage_one)[:6].repeat(2, axis=1).repeat(2, axis=2)  # each pixel four times
show(
    plot_rows({"stage one, 16 x 16": coarse, "stage two, 32 x 32": draw_stage(stage_two)[:6]}),
    alt="Six products drawn by stage one at 16 x 16 pixels, and the same refined by stage two to 32 x 32",
)
for number in range(6):
    print(f"{number + 1}: {catalogue.captions[number]}")

# %% [markdown]
# Stage one has outline and colour; stage two sharpens the outline, and after so few steps the grid of its last enlargement is
# still to be seen.
#
# **Do two stages pay?** Against one stage of the same cost (`python tests/benchmarks/stacked.py --seeds 2`: 60 CPU seconds of
# training for each, the whole catalogue, two seeds; all three: kind, colour and pattern as the caption says):
#
# | | steps | KID | all three |
# |---|---|---|---|
# | one stage, 32 x 32 | 900 and 880 | 6.7 and 3.5 | 40 % and 45 % |
# | two stages | 740 + 365, 763 + 369 | 10.4 and 6.4 | 24 % and 25 % |
# | stage one alone, its pixels doubled | 740 and 763 | 19.8 and 22.1 | |
#
# **Here they do not.** Stage two repairs much of what stage one leaves open, but at 32 x 32 pixels one stage has no trouble
# with the size, and it spends all of the time on the picture that counts. StackGAN drew 256 x 256 in 2016, when a GAN of
# that size did not train at all. What is left of the idea today: cascades of diffusion models, and upsamplers that get the
# text again.
#
# ### The draft's meaning: one generator per modality
#
# Generators that start from the same latents. Nothing compares what they draw, so each is content with any coupling.
# **CoGAN** adds one thing: the generators share their first layers and the discriminators their last ones, and still no
# pair is ever shown.

# %% tags=["listing"]
from utils.models.coupled import run, couple_generators, couple_discriminators

# %% [markdown]
# Two modalities that look alike, pictures of clothes and *negatives* of other clothes (`python
# tests/benchmarks/coupled.py`, lesson 02's networks, one seed, about 60 CPU seconds each):
#
# | modalities | layers | both of a row are the same kind | chance |
# |---|---|---|---|
# | picture and negative | shared | 79 % | 13 % |
# | picture and negative | nothing shared but the latents | 13 % | 13 % |
# | picture and chime | shared | 10 % | 13 % |
# | picture and chime | nothing shared but the latents | 12 % | 12 % |
#
# What the shared layers draw must serve both, and a dress stands in the same places in black on white and in white on black.
# A picture and a chime have no places in common, so sharing ties nothing. Below we see what makes them agree.
#
# ## The second way: conditional
#
# Lesson 04 is one arrow, from words to a picture. Here are two others.
#
# First everything becomes short vectors. A picture of 32 x 32 x 3 is 3,072 numbers, a spectrogram 1,920. The best *linear*
# autoencoder needs no training: the principal directions.

# %%
from dataclasses import dataclass

import scipy

from utils.data.triples import captions_of, make_triples

# %% tags=["listing"]
from utils.training.codes import LinearCode, learn_code

# %%
pictures = learn_code(products.pictures, budget.picture_numbers)
sounds = learn_code(products.spectrograms, budget.sound_numbers)
sentences = learn_vocabulary(products.captions, LENGTH)
said = tokens_of(sentences, products.captions)
coded = pictures.decode(pictures.encode(held_out.pictures[:8]))
show(
    plot_rows({"pictures": held_out.pictures[:8], f"through {pictures.size} numbers": coded}),
    alt="Eight held-out pictures, and the same after the linear code: a little softer",
)
through_codes = read_products(
    pictures.decode(pictures.encode(held_out.pictures)),
    held_out.captions,
    sounds.decode(sounds.encode(held_out.spectrograms)),
)
for name, told in {"real products": readings, "through the codes": through_codes}.items():
    print(f"{name:18} {modality_agreement(told)['all']:.1%} agree")

# %% [markdown]
# ### Sound to picture: one sound, many right pictures
#
# A chime tells kind, colour and pattern. It does not tell the detail, the background, the place. So the translator gets
# noise, too, and plays a game: a picture must look real, and real *with this sound*. Its rival has the same network and
# pays the squared error. **Predict first:** which of the two shows more often what the sound tells? And whose eight
# pictures for one sound differ?

# %%
from utils.metrics.attributes import load_attribute_judge
from utils.training.translate import build_mean_picture, build_translator

# %% tags=["listing"]
from utils.models.multimodal import sloped, read

# %% tags=["listing"]
from utils.models.translate import build_pair_discriminator

# %% [markdown]
# The negatives are the other rows of the batch. Among 60 products by chance hardly two share kind and colour, so the pattern
# would never be needed to tell them apart. So we make batches of groups that differ in the pattern alone. (With the
# wide discriminators of this lesson it brings little: see the table of parts below.)

# %% tags=["listing"]
from utils.data.triples import look_alikes

# %%
codes = pictures.encode(products.pictures), said, sounds.encode(products.spectrograms)
triples = make_triples(*codes, budget.batch_size, 2026, look_alikes(products.attributes))
sizes = pictures.size, sounds.size
translate_budget = dataclasses.replace(budget, steps=budget.translate_steps)
keras.utils.set_random_seed(2026)
translator, mean_picture = (
    build(translate_budget, sizes) for build in (build_translator, build_mean_picture)
)
heard_codes = sounds.encode(held_out.spectrograms)

# %% tags=["train"]
translator_history = train(
    translator,
    triples,
    translate_budget.steps,
    callbacks=[
        LiveTraining(
            lambda: pictures.decode(translator.draw(heard_codes[:10], seed=1)), translate_budget.steps
        )
    ],
    folder=checkpoint_folder("05_many_modalities-translator"),
)

# %%
train(mean_picture, triples.map(lambda picture, _, sound: (sound, picture)), translate_budget.steps)
one_sound = np.repeat(heard_codes[:1], 7, axis=0)
show(
    plot_rows(
        {
            "game": pictures.decode(translator.draw(one_sound, seed=2)),
            "squared error": pictures.decode(mean_picture.draw(one_sound)),
        }
    ),
    alt=f"Seven pictures for one sound, by the game and by least squares; the product was {held_out.captions[0]}",
)
judge = load_attribute_judge()
for name, drawn in {
    "game": translator.draw(heard_codes, seed=3),
    "squared error": mean_picture.draw(heard_codes),
}.items():
    told = {"picture": judge.read(pictures.decode(drawn)), "sound": readings["sound"]}
    shares = modality_agreement(told)
    print(f"{name:14}", *(f"{key} {share:6.1%}  " for key, share in shares.items()))

# %% [markdown]
# The squared error gives one picture for a sound, seven times: the mean of the right ones. Its colour is right, and its
# pattern is washed out, because the stripes of right pictures lie in different places. The game's pictures differ a
# little, and the pattern can be seen. Over 1,500 held-out sounds and 1,600 steps (`python tests/benchmarks/translate.py`,
# one seed): all three told right in 86 % by the game and in 48 % by least squares, KID 4.3 against 25.9, and a spread of a
# pixel over eight pictures of 0.125 against 0, where real products have 0.263: the game, too, leaves right pictures out.
#
# ### Picture to caption: a word at a time
#
# No game here: the true next word is known, so each word has a target. This is how text is generated today, and below you
# will see what it costs a GAN to say a word.

# %% tags=["listing"]
from utils.models.translate import build_captioner

# %% tags=["listing"]
from utils.training.translate import words_before

# %% tags=["train"]
from utils.training.translate import say, train_captioner

captioner, captioner_loss = train_captioner(
    codes[0], said, sentences.vocabulary_size(), epochs=budget.captioner_epochs
)

# %%
captions = captions_of(sentences, say(captioner, pictures.encode(held_out.pictures)))
show(
    plot_images(held_out.pictures[:6], [str(number + 1) for number in range(6)], columns=6),
    alt=f"Six held-out products: {'; '.join(held_out.captions[:6])}",
)
for number in range(6):
    print(f"{number + 1}: {captions[number]}")
told = {"picture": held_out.attributes, "words": read_sentences(captions)}
right = modality_agreement(told)["all"]
print(f"sentences: {sentence_share(captions):.1%}; all three attributes right: {right:.1%}")

# %% [markdown]
# Every caption is a sentence, and what it says is right in about 99 of 100 pictures (1.000 and 0.994 in the benchmark,
# 15 CPU seconds). Remember this when you see what it takes to let a *generator* speak: cross-entropy has a target for each
# word, a discriminator has one score for all of them.
#
# ## The third way: many generators, many discriminators
#
# ### Words have no slope
#
# A discriminator's gradient says in which direction each number should move. A word does not move: it is this one or
# another one.

# %%
logits = tf.constant([[1.0, 0.2, -0.5]])
with tf.GradientTape() as tape:
    tape.watch(logits)
    choice = ops.one_hot(ops.argmax(logits, axis=-1), 3)
    price = ops.sum(choice * np.array([0.0, -1.0, 1.0], "float32"))
print(f"argmax: gradient {tape.gradient(price, logits)}")

# %% [markdown]
# ### Exercise 5.4 · a hard choice with a borrowed slope (12 minutes, ★★★)
#
# Gumbel noise on the scores makes the largest one an honest draw from softmax. The value is the hard choice; the slope is
# that of the soft choice at a temperature. **Predict first:** what does the discriminator see, and what does the generator
# feel, when you return `soft + hard`?

# %% tags=["exercise"]
from utils.models.words import straight_through

# %% tags=["check"]
straight_through = check("5.4", straight_through)

# %%
noise = np.zeros((1, 3), "float32")
with tf.GradientTape() as tape:
    tape.watch(logits)
    choice = straight_through(logits, noise, 1.0)
    price = ops.sum(choice * np.array([0.0, -1.0, 1.0], "float32"))
print(
    f"choice {ops.convert_to_numpy(choice)[0]}, gradient {tape.gradient(price, logits).numpy()[0].round(3)}"
)

# %% tags=["listing"]
from utils.models.words import gumbel_noise, build_word_generator

# %% [markdown]
# ### Three generators, four discriminators

# %% tags=["listing"]
from utils.models.multimodal import build_code_generator, build_multimodal_generator

# %% [markdown]
# Each modality has its own discriminator. The joint one sees what each of them saw, and for each two modalities an inner
# product: the projection of lesson 04, with a picture in the place of the caption.

# %% tags=["listing"]
from utils.models.multimodal import belonging, build_multimodal_discriminator

# %% [markdown]
# ### Exercise 5.5 · real, but mismatched: the other rows of the batch (12 minutes, ★★★)
#
# Row $i$ of both belongs together; every other row is a real, but mismatched, negative. 63 of them for the price of one
# product of matrices. **Predict first:** what is the price for 64 rows as long as nothing is known?

# %% tags=["exercise"]
from utils.losses import matching_loss

# %% tags=["check"]
matching_loss = check("5.5", matching_loss)

# %%
import itertools

from utils.losses import relativistic_loss
from utils.training.gan import GAN
from utils.training.multimodal import MATCHING, R1_EVERY
from utils.training.rates import held_then_falling

# %% tags=["listing"]
from utils.training.multimodal import belonging_loss, duels, MultimodalGAN, build_multimodal_gan

# %% [markdown]
# ### Train it, live
#
# `match_loss` is what the generators pay for modalities that do not find each other. **Predict first:** which will be
# learnt first, sentences that are sentences, or sentences that fit?

# %%
keras.utils.set_random_seed(2026)
gan = build_multimodal_gan(budget, sizes, LENGTH, sentences.vocabulary_size())


def draw_products(gan, inputs):
    """Draw products: pictures, sentences and spectrograms."""
    picture_codes, chosen, sound_codes = gan.draw(inputs)
    return pictures.decode(picture_codes), captions_of(sentences, chosen), sounds.decode(sound_codes)


watched = gan.draw_inputs(15, seed=4)

# %% tags=["train"]
history = train(
    gan,
    triples,
    budget.steps,
    callbacks=[LiveTraining(lambda: draw_products(gan, watched)[0], budget.steps)],
    folder=checkpoint_folder("05_many_modalities"),
)

# %% [markdown]
# ## The result
#
# Eight products, none of them picked. See, read, and hear whether they belong together.

# %%
eight = draw_products(gan, gan.draw_inputs(8, seed=11))
show(
    plot_images(eight[0], [f"{number + 1}" for number in range(8)], columns=8),
    alt=f"Eight generated products: {'; '.join(eight[1])}",
)
for number, caption in enumerate(eight[1]):
    print(f"{number + 1}: {caption}")
play_sounds(
    np.stack([play_spectrogram(spectrogram) for spectrogram in eight[2][:3]]),
    list(eight[1][:3]),
    eight[2][:3],
)


# %%
def report(name, drawn):
    """Print the agreement of drawn products; return it."""
    readings = read_products(*drawn)
    scores = modality_agreement(readings) | {"sentences": sentence_share(drawn[1])}
    print(f"{name:16}", *(f"{key} {score:6.1%}  " for key, score in scores.items()))
    return readings, scores


ours = draw_products(gan, gan.draw_inputs(budget.score_count, seed=12))
ours_read, ours_scores = report("joint", ours)
pairs = pairwise_agreement(ours_read)
print("two of three: ", *(f"{pair} {share:.1%}  " for pair, share in pairs.items()))
chance = agreement_by_chance(ours_read)["all"]
print(f"all at once {ours_scores['all']:.1%}, by chance {chance:.4%}")

# %% [markdown]
# **What each part is worth** (`python tests/benchmarks/multimodal.py`, 1,000 products, chance 0.01 %):
#
# | | all three agree | kind | colour | pattern | sentences | KID pictures | KID sounds | CPU s |
# |---|---|---|---|---|---|---|---|---|
# | real products | 99.9 % | 100 % | 100 % | 99.9 % | 100 % | 0.0 | 0.2 | |
# | real, through the linear codes | 99.4 % | 99.5 % | 100 % | 99.9 % | 100 % | 9.6 | 0.2 | |
# | the lesson's model, seed 0 | 83.8 % | 95.7 % | 93.8 % | 88.4 % | 97.6 % | 30.9 | 7.3 | 120 |
# | seed 1 | 83.7 % | 96.8 % | 95.1 % | 87.7 % | 98.1 % | 33.4 | 9.3 | 120 |
# | seed 2 | 84.9 % | 97.3 % | 95.9 % | 88.5 % | 98.5 % | 27.1 | 4.6 | 126 |
# | the joint one sees no mismatched products | 35.4 % | 96.7 % | 69.3 % | 50.0 % | 98.2 % | 45.8 | 12.6 | 123 |
# | batches by chance, no look-alikes | 83.5 % | 97.0 % | 96.4 % | 85.4 % | 97.8 % | 27.8 | 5.7 | 143 |
# | no joint discriminator | 0.0 % | 1.0 % | 0.6 % | 7.3 % | 96.6 % | 43.2 | 18.0 | 87 |
#
# * The negatives make most of it: a joint discriminator that never sees perfect but mismatched products looks at the looks.
# * What does not agree is mostly the pattern in the picture. Words and sound alone agree in 95 to 98 %.
# * The pictures are the weakest part: stripes and dots are seen, zigzags are often blots, and a pale ghost of other outlines
#   stands around many products. About 200 of the 320 combinations are drawn at all.
# * A prototype on 30 products drew pixels and spectrograms directly, without codes, and agreed in 4 % (measured before this
#   lesson was written, without a command here). Short codes are what makes minutes enough.
#
# ## Break it: separate discriminators
#
# The draft's "MMGAN": the same three generators, the same latents, the same three discriminators, nothing that sees two
# modalities at once. **Predict first:** will its pictures, sentences and sounds be worse? How often will they agree?

# %% tags=["train"]
separate_budget = dataclasses.replace(budget, steps=budget.separate_steps)
separate = build_multimodal_gan(separate_budget, sizes, LENGTH, sentences.vocabulary_size(), joint=False)
separate_history = train(separate, triples, separate_budget.steps)

# %%
apart = draw_products(separate, separate.draw_inputs(budget.score_count, seed=12))
show(
    plot_images(apart[0][:8], columns=8),
    alt=f"Eight generated products that were said to be: {'; '.join(apart[1][:8])}",
)
for caption in apart[1][:4]:
    print(caption)
_, apart_scores = report("separate", apart)
report("joint", ours)

# %% [markdown]
# **Diagnosis.** Most sentences are sentences, the sounds are chimes, the pictures are products, if ghostly ones after so few
# steps. None of that is why they disagree: words and sound, both fine, agree as seldom. Each discriminator is content, and no
# price falls when the three agree, so the same latents mean one product to the painter and another one to the speaker. No
# loss curve and no row of pictures tells it. The number that tells is agreement, and it is at chance.
#
# | symptom | what it says | first cure to try |
# |---|---|---|
# | each modality fine, agreement at chance | nothing sees two at once | a joint discriminator; are the pairs shuffled apart on their way? |
# | kind and colour agree, pattern does not | the coarse attributes are enough to win | negatives that differ in the pattern alone |
# | agreement good, few products | collapse | R1, pairs; compare with the chance of these readings |
# | sentences with wrong words | the choice is too noisy, or has no slope | check the gradient of the scores; less noise when drawing |
# | words agree with the sound, the picture with neither | the picture is too hard to draw from this code | more numbers in the code, a wider generator |
#
# ## Several generators for one modality
#
# The other meaning of the word. MAD-GAN gives several generators one discriminator, which says of each point *which* of
# them drew it, or that it is real. A generator that draws where another one draws is easy to confuse with it, and both are
# pushed apart. **Predict first:** eight generators and 25 modes. How many modes does one of them hold in the end?

# %% tags=["listing"]
from utils.training.mad_gan import which_loss, looks_real_loss

# %%
from utils.data.points import make_points
from utils.training.mad_gan import build_mad_gan

# %% tags=["train"]
for count in (1, 8):
    keras.utils.set_random_seed(0)
    several = build_mad_gan(count)
    train(several, make_points(modes, 200, seed=0), budget.points_steps)
    drawn = several.draw(keras.random.normal((8_000, several.latent_dim), seed=1))
    print(
        f"{count} generator{'s' * (count > 1):1}: {modes_covered(drawn, *modes):2} of 25 modes, "
        f"{high_quality(drawn, *modes):4.0%} of the points on one"
    )

# %% [markdown]
# In this run eight generators find no more than one. Three seeds and 2,000 steps (`python tests/benchmarks/mad_gan.py`): one
# generator finds 16, 14 and 16 of the 25 modes, four find 21, 22 and 21, eight 16, 23 and 20. So some more generators help
# here, and many do not help more. No generator is the master of three modes: on average each holds one or two and draws the
# rest of its points between them. Lesson 01's cures, pairs and an average, find all 25 with one generator.
#
# ## Play
#
# Turn a latent, and picture, sentence and sound follow together. The two sliders are the latents that change most; *Another
# product* draws all of them anew. Tab and the arrow keys are enough. After a restart, run this cell again.

# %% tags=["widget"]
from utils.show.explore_products import explore_products

_, spoken = gan.draw_inputs(1, seed=5)  # the chance in the choice of words stays: only the latent moves


def draw_latents(latents):
    """Draw the products of these latents: pictures, sentences, spectrograms."""
    return draw_products(gan, [latents, np.repeat(spoken, len(latents), axis=0)])


explore_products(draw_latents, gan.latent_dim)

# %% [markdown]
# ## What this does not show
#
# * The assortment is 320 of the catalogue's 800 combinations: kinds whose pattern shows at 32 x 32 pixels and whose name is
#   one word. How the model does on the rest is not measured here.
# * Not all of the 320 are drawn, and the rarest kind comes a third as often as it should, or less: agreement says nothing
#   about that, so count, too.
# * Chimes are made by a recipe with three attributes. Real product sounds hardly exist; speech and music have structure
#   over seconds that 48 frames do not hold.
# * Sentences come from one phrasing. The grammar knows them all, so a sentence can be judged; free text cannot be judged so.
# * Pictures and sounds are drawn through linear codes and are a little soft. That buys minutes instead of hours.
# * Trained on a CPU. The `gpu` budget was not run for this notebook.
#
# ## Follow-up questions
#
# <details><summary>Does a shared latent guarantee agreement?</summary>
#
# No. Separate discriminators see each modality alone, so they are content with every coupling of the three, and an exchange
# of the latents' meaning in one generator changes none of their prices. A shared latent only makes agreement possible;
# *Break it* above measures how often it happens by itself.
# </details>
#
# <details><summary>And CoGAN, which needs no pairs?</summary>
#
# CoGAN ties the first layers of both generators and the last ones of both discriminators. What both modalities share must
# then be said in the same units of the network, and for a photo and its edges, or a face with and without glasses, the
# cheapest way to do that is to agree. It is an inductive bias, not a guarantee, and it needs modalities with a like
# structure (Liu and Tuzel 2016).
# </details>
#
# <details><summary>What would you build today: CLIP, one token model, or diffusion?</summary>
#
# A joint *space* (CLIP, Radford et al. 2021; ImageBind for six modalities, Girdhar et al. 2023) finds and scores pairs; it
# generates nothing by itself. Our matching loss is the same InfoNCE, inside a game. A joint *sequence model* turns every
# modality into tokens (a VQ-VAE for pictures, a codec for sound) and predicts the next one, so that agreement is just the
# likelihood of the rest given what was said: Chameleon (2024) for text and pictures. *Diffusion* takes one or several
# conditions by cross-attention, each with its own guidance. The argument is the same everywhere: something must be trained
# on all of them together.
# </details>
#
# <details><summary>Diffusion with several conditions: how?</summary>
#
# Each condition gets its encoder, the network attends to all, and each is dropped at random in training. Then each has a
# weight of its own:
# $\epsilon = \epsilon_\varnothing + \sum_i w_i (\epsilon_{c_i} - \epsilon_\varnothing)$ (Liu et al. 2022). The sum assumes that the conditions
# are independent given the picture; two that contradict each other give a mixture of both.
# </details>
#
# <details><summary>How is sound generated from text?</summary>
#
# On spectrograms, as pictures are (AudioLDM, Liu et al. 2023: latent diffusion on mel spectrograms, conditioned on CLAP),
# then a vocoder such as HiFi-GAN, a GAN by the way, in the place of Griffin-Lim; or on the tokens of a neural codec with a
# language model (AudioLM, MusicGen).
# </details>
#
# <details><summary>Why did GANs fail at text, and what is used instead?</summary>
#
# A word is a choice, so the slope must be lent (Gumbel-softmax, biased at a high temperature, of high variance at a low
# one) or replaced by REINFORCE (SeqGAN, Yu et al. 2017). A discriminator recognises a soft row at once and gives one number
# for a whole sentence, where cross-entropy gives a target for each word. Caccia et al. (2018) compared at equal
# temperature: maximum likelihood won in quality *and* diversity. So text is generated by next-word prediction; the arrow
# from a picture to its caption above is learnt in this way.
# </details>
#
# <details><summary>Which negatives does the joint discriminator need?</summary>
#
# Real triples whose modalities were exchanged: every part is perfect. They must truly differ (two equal products in a batch
# are a false negative; in a comparison they cancel), and some must differ in one attribute only, or the coarse ones are
# enough to win.
# </details>
#
# <details><summary>A modality is missing at inference. What now?</summary>
#
# One arrow per case, as above, does not scale: three modalities have six arrows. A joint VAE multiplies or averages what
# each present modality says of the latent (MVAE, Wu and Goodman 2018: product of experts; MMVAE, Shi et al. 2019: mixture).
# A token model is trained with spans left out. For a GAN: search for the latents whose sound is the given one, or train an
# encoder.
# </details>
#
# <details><summary>How do you know that the agreement is not collapse?</summary>
#
# A generator that always draws the same red hat agrees perfectly. So beside it: the chance that these same readings would
# agree if each modality drew for itself (it grows when few products are drawn), how many products occur, and KID of each
# modality.
# </details>

# %% [markdown] tags=["recall"]
# **Rehearse this lesson:** topic *Many modalities* in `10_mock_interview`, or in a terminal
# `python -m utils.interview --topics modalities`.

# %% [markdown]
# ## Sources
#
# * Zhang et al. 2017, StackGAN, arXiv:1612.03242; Zhang et al. 2018, StackGAN++, arXiv:1710.10916
# * Liu, Tuzel 2016, Coupled GANs, arXiv:1606.07536; Mirza, Osindero 2014, arXiv:1411.1784
# * Ghosh et al. 2017, MAD-GAN, arXiv:1704.02906; Lucic et al. 2017, Are GANs Created Equal?, arXiv:1711.10337
# * Jang, Gu, Poole 2016, Gumbel-Softmax, arXiv:1611.01144; Maddison, Mnih, Teh 2016, arXiv:1611.00712
# * Kusner, Hernández-Lobato 2016, GANs for sequences, arXiv:1611.04051; Yu et al. 2017, SeqGAN, arXiv:1609.05473
# * Caccia et al. 2018, Language GANs Falling Short, arXiv:1811.02549
# * van den Oord, Li, Vinyals 2018, InfoNCE, arXiv:1807.03748; Radford et al. 2021, CLIP, arXiv:2103.00020
# * Miyato, Koyama 2018, arXiv:1802.05637; Huang et al. 2024, R3GAN, arXiv:2501.05441
# * Wu, Goodman 2018, MVAE, arXiv:1802.05335; Shi et al. 2019, MMVAE, arXiv:1911.03393
# * Girdhar et al. 2023, ImageBind, arXiv:2305.05665; Liu et al. 2022, Composable Diffusion, arXiv:2206.01714
# * Chameleon Team 2024, arXiv:2405.09818; Liu et al. 2023, AudioLDM, arXiv:2301.12503
# * Borsos et al. 2022, AudioLM, arXiv:2209.03143; Copet et al. 2023, MusicGen, arXiv:2306.05284; Kong et al. 2020,
#   HiFi-GAN, arXiv:2010.05646
# * Griffin, Lim 1984, Signal estimation from modified short-time Fourier transform; Davis, Mermelstein 1980, mel bands

# %% tags=["widget"]
progress()
