"""What each kind of lesson can spend: the fields of its budget, and what each is for."""

from dataclasses import dataclass


@dataclass(frozen=True)
class GANBudget:
    """What a GAN lesson spends: sizes and steps, never another code path."""

    image_count: int  # training images held in memory
    g_width: int  # channels of the generator at half the image size
    d_width: int  # channels of the discriminator's first convolution
    batch_size: int
    steps: int  # one step teaches the discriminator once and the generator once
    d_learning_rate: float
    g_learning_rate: float
    score_count: int = 0  # images behind FID and KID
    fid_band: float = 0.0  # the lesson's FID stays below this
    collapse_steps: int = 0  # steps against a discriminator that stands still


@dataclass(frozen=True)
class PointsBudget:
    """What GANs of points on a plane cost: sizes and steps, never another code path."""

    width: int  # units of each hidden layer
    batch_size: int
    plain_steps: int  # of the first draft, which does not get better with more
    cured_steps: int  # of the cured game; its rates fall at the end of this way
    judge_steps: int  # steps of a discriminator alone, against fakes that stand still
    frames: int  # recorded moments of each training
    score_count: int  # points behind the numbers
    quality_band: float  # the share of the cured game's points on a mode stays above this

    @property
    def steps(self):
        """Steps of both trainings."""
        return self.plain_steps + self.cured_steps


@dataclass(frozen=True)
class TextGANBudget:
    """What the lesson on captions spends: sizes and steps, never another code path."""

    image_count: int  # catalogue products drawn for training
    text_encoder: str  # how captions are read: see utils/models/text_encoders.py
    caption_width: int  # numbers per caption vector
    g_width: int  # channels of the generator at half the image size
    d_width: int  # channels of the discriminator's first convolution
    batch_size: int
    steps: int  # both rates fall at the end of this way; training longer needs a new model
    d_learning_rate: float
    g_learning_rate: float
    r1_gamma: float  # price of a steep discriminator; without it the pictures of a caption become one
    score_count: int  # pictures behind accuracy, KID and diversity
    word_epochs: int  # passes over the captions in which the order of words matters
    blind_steps: int  # steps of the discriminator that does not read
    photo_steps: int  # steps on real photos


@dataclass(frozen=True)
class MultimodalBudget:
    """What the lesson on many modalities spends: sizes and steps, never another code path."""

    image_count: int  # products, each with its picture, sentence and chime
    picture_numbers: int  # of the linear code of a picture
    sound_numbers: int  # of the linear code of a spectrogram
    g_width: int  # units of the picture generator; words have a quarter, sounds half of it
    d_width: int  # numbers that each discriminator keeps of its modality; too few, and patterns are missed
    batch_size: int  # every other row is a mismatched product, so larger is harder
    steps: int  # both rates fall at the end of this way; training longer needs a new model
    d_learning_rate: float
    g_learning_rate: float
    r1_gamma: float  # price of steep discriminators
    score_count: int  # drawn products behind agreement
    separate_steps: int  # of the same game without the joint discriminator
    translate_steps: int  # from sound to picture, by a game and by least squares
    captioner_epochs: int  # from picture to caption
    stage_one_steps: int  # of StackGAN at 16 x 16 pixels
    stage_two_steps: int  # and at 32 x 32
    points_steps: int  # of one and of several generators on 25 modes


@dataclass(frozen=True)
class VAEBudget:
    """What a VAE costs: sizes, steps and the price of its latents, never another code path."""

    image_count: int  # training images held in memory
    latent_dim: int  # more than are needed: the KL shuts those that are not worth their price
    width: int  # channels of the first convolution
    batch_size: int
    steps: int  # the learning rate falls on this way; training longer needs a new model
    learning_rate: float
    beta: float = 1.0  # nats of error that a nat of the latents must save: 1 is the ELBO
    warmup_steps: int = 0  # steps in which beta rises from 0, so that no latent is shut before it was tried
    free_bits: float = 0.0  # nats that each latent may say for free


@dataclass(frozen=True)
class RestorerBudget:
    """What a restorer of photos costs: sizes and steps, never another code path."""

    image_count: int  # training photos held in memory
    width: int  # channels at half the size of the photo
    latent_channels: int  # numbers per 4 x 4 pixels
    crop_size: int  # pixels of the square that is cut from a photo for a step
    batch_size: int
    guess_steps: int  # of the first guess; the learning rate falls on this way
    finish_steps: int  # of its two copies, each for its own pictures, at the price that counts each one
    steps: int  # of the latents; the rate starts and falls once more
    learning_rate: float
    beta: float = 1.0  # nats of error that a nat of the latents must save: 1 is the ELBO
    warmup_steps: int = 0  # steps in which beta rises from 0, so that no latent is shut before it was tried


@dataclass(frozen=True)
class EnhancementBudget:
    """What the lesson on enhancement spends: on a VAE first, then on a restorer of photos."""

    vae: VAEBudget
    restorer: RestorerBudget
    sweep_steps: int  # steps of each short VAE that shows what a price of the latents does
    score_count: int  # held-out photos behind each number
    tuning_count: int  # photos on which classical restorers find their best strength

    @property
    def steps(self):
        """Steps of the longest training."""
        return self.restorer.guess_steps


@dataclass(frozen=True)
class StabilityBudget:
    """What the lesson on stable training spends, beside reading the stored map."""

    steps: int  # of each training in the race
    frames: int  # recorded moments of each
    score_count: int  # points behind each number
    live_cells: int  # cells of the stored map that are trained again, each as long as the stored one
    mode_band: int  # modes of 25 that the best of the race finds at least


@dataclass(frozen=True)
class FewPhotosBudget:
    """What the levers around the data cost: sizes and steps, never another code path."""

    searched: int  # photos among which copies, blank ones and wrong labels are looked for
    labelled: int  # catalogue products with planted wrong labels
    g_width: int  # half of lesson 02's: each lever is trained more than once
    d_width: int
    batch_size: int
    leak_count: int  # upright pictures of shoes
    leak_steps: int  # of each of the trainings that show the leak
    source_count: int  # coloured clothes to learn from first
    source_steps: int  # of the pre-training, paid once
    photo_count: int  # the few photos
    photo_steps: int  # of each training on them
    score_count: int  # drawn and unseen pictures behind KID


@dataclass(frozen=True)
class LeversBudget:
    """What the lesson on better pictures spends: sizes and steps, never another code path."""

    gan: GANBudget  # the game behind the average, truncation and feature matching
    few_photos: FewPhotosBudget  # augmentation and pre-training
    image_count: int  # training pictures held in memory
    score_count: int  # pictures behind each number
    stack_images: int  # one pass over so many teaches each deep stack
    depths: tuple[int, int]  # layers of a shallow and a deep stack that are trained
    enlarge_width: int  # channels of the network that enlarges
    enlarge_steps: int  # of each price that is tried live
    live_steps: int  # of the levers of the table that are trained again

    @property
    def steps(self):
        """Steps of the longest training."""
        return max(self.gan.steps, self.few_photos.source_steps)


@dataclass(frozen=True)
class QualityBudget:
    """What the lesson on measuring quality spends: sizes and steps, never another code path."""

    gan: GANBudget  # the generator that is judged, and the discriminator that is attacked
    text: TextGANBudget  # the generator whose captions are attacked: a small shop
    vote_pictures: int  # photos to vote on
    score_count: int  # pictures on each side of a distance
    product_count: int  # catalogue products, of which those with two pictures of a caption are judged
    picture_count: int  # generated pictures under attack
    photo_count: int  # photos under attack
    levels: tuple  # budgets of the attacks, in grey levels of 255
    attack_steps: int  # of each attack
    copies: int  # with noise, over which the defence takes the mean
    harden_steps: int  # batches of attacked pictures, from the training set without repeats
    caption_count: int  # captions under attack

    @property
    def steps(self):
        """Steps of the longest training."""
        return self.gan.steps


@dataclass(frozen=True)
class ManyDevicesBudget:
    """What the lesson on GPUs spends: the same comparisons, shorter or longer."""

    gan: GANBudget  # trained from shards
    trace_steps: int  # of each pair of trainings whose losses must be equal
    trace_batch: int  # rows of all devices together
    worker_counts: tuple[int, ...]  # of the table of speeds
    timed_steps: int  # of each row of that table
    timed_batch: int  # pictures of all workers together
    profile_steps: int
    photo_count: int  # pictures that become files, and then shards
    shard_size: int  # pictures per shard

    @property
    def steps(self):
        """Steps of the training from shards."""
        return self.gan.steps
