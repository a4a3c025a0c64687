"""The networks and games of lessons 02, 04 and 07 in PyTorch, layer by layer: the peer of speed.py."""

import json
import sys
import time

import torch
import torch.nn.functional as F  # noqa: N812  the name that everyone uses
from torch import nn

torch.set_num_threads(1)


class Reshape(nn.Module):
    """Gives each row of a batch another shape."""

    def __init__(self, *shape):
        super().__init__()
        self.shape = shape

    def forward(self, x):
        return x.reshape(len(x), *self.shape)


def generator(latent_dim, width, small, channels):
    """Lesson 02: a small map, doubled twice."""
    return nn.Sequential(
        nn.Linear(latent_dim, small * small * 2 * width, bias=False),
        Reshape(2 * width, small, small),
        nn.BatchNorm2d(2 * width),
        nn.ReLU(),
        nn.ConvTranspose2d(2 * width, width, 4, 2, 1, bias=False),
        nn.BatchNorm2d(width),
        nn.ReLU(),
        nn.ConvTranspose2d(width, channels, 4, 2, 1),
        nn.Tanh(),
    )


def discriminator(width, channels):
    """Lesson 02: three strided convolutions."""
    layers = []
    for before, after in ((channels, width), (width, 2 * width), (2 * width, 4 * width)):
        layers += [nn.Conv2d(before, after, 3, 2, 1), nn.LeakyReLU(0.2)]
    return nn.Sequential(*layers, nn.Flatten(), nn.Linear(4 * width * 16, 1))


def adam(*networks, rate=1e-3, betas=(0.5, 0.9)):
    """The optimizer of all parameters of some networks."""
    return torch.optim.Adam([p for network in networks for p in network.parameters()], rate, betas)


def follow(average, network, decay=0.998):
    """Move the average towards a network."""
    torch._foreach_lerp_(average, [value.detach() for value in network], 1 - decay)


def move(loss, optimizer):
    """Take one step of an optimizer; what its networks had from other losses is forgotten first."""
    optimizer.zero_grad(set_to_none=True)
    loss.backward()
    optimizer.step()


def gan_step(sizes):
    """Lesson 02: the discriminator, the generator, the average."""
    count, latent_dim = sizes["batch"], sizes["latent_dim"]
    g = generator(latent_dim, sizes["g_width"], 7, 1)
    d = discriminator(sizes["d_width"], 1)
    g_adam, d_adam = adam(g), adam(d)
    average = [p.detach().clone() for p in g.parameters()]
    real = torch.rand(count, 1, 28, 28) * 2 - 1

    def step():
        with torch.no_grad():
            fakes = g(torch.randn(count, latent_dim))
        move(F.softplus(-d(real)).mean() + F.softplus(d(fakes)).mean(), d_adam)
        for parameter in d.parameters():
            parameter.requires_grad_(False)  # else its slopes are computed for nothing
        move(F.softplus(-d(g(torch.randn(count, latent_dim)))).mean(), g_adam)
        for parameter in d.parameters():
            parameter.requires_grad_(True)
        follow(average, g.parameters())

    return step


def classifier_step(sizes):
    """The discriminator alone: real or fake, two stacks of pictures that stand still."""
    d = discriminator(sizes["d_width"], 1)
    d_adam = adam(d, betas=(0.9, 0.999))
    images, labels = torch.rand(sizes["batch"], 1, 28, 28) * 2 - 1, torch.ones(sizes["batch"], 1)
    return lambda: move(F.binary_cross_entropy_with_logits(d(images), labels), d_adam)


class ConditionalNorm(nn.Module):
    """Batch normalisation whose scale and shift come from the condition."""

    def __init__(self, width, condition):
        super().__init__()
        self.norm = nn.BatchNorm2d(width, affine=False)
        self.scale, self.shift = nn.Linear(condition, width), nn.Linear(condition, width)

    def forward(self, maps, condition):
        scale, shift = self.scale(condition)[:, :, None, None], self.shift(condition)[:, :, None, None]
        return self.norm(maps) * (1 + scale) + shift


class TextGenerator(nn.Module):
    """Lesson 04's generator."""

    def __init__(self, latent_dim, caption, width):
        super().__init__()
        condition = latent_dim + caption
        self.dense, self.width = nn.Linear(condition, 128 * width, bias=False), width
        self.first, self.second = ConditionalNorm(2 * width, condition), ConditionalNorm(width, condition)
        self.up = nn.ConvTranspose2d(2 * width, width, 4, 2, 1, bias=False)
        self.draw = nn.ConvTranspose2d(width, 3, 4, 2, 1)

    def forward(self, latents, captions):
        condition = torch.cat([latents, captions], 1)
        x = self.dense(condition).reshape(-1, 2 * self.width, 8, 8)
        x = self.up(F.relu(self.first(x, condition)))
        return torch.tanh(self.draw(F.relu(self.second(x, condition))))


class TextDiscriminator(nn.Module):
    """Lesson 04's discriminator: looks, matches, names words."""

    def __init__(self, caption, words, width):
        super().__init__()
        stack, before = [nn.Conv2d(3, width // 2, 3, padding=1), nn.LeakyReLU(0.2)], width // 2
        for maps in (width, 2 * width, 4 * width):
            stack += [nn.Conv2d(before, maps, 4, 2, 1), nn.LeakyReLU(0.2)]
            before = maps
        self.look = nn.Sequential(*stack, nn.Flatten(), nn.Linear(64 * width, 4 * width), nn.LeakyReLU(0.2))
        self.score, self.name = nn.Linear(4 * width, 1), nn.Linear(4 * width, words)
        self.wanted = nn.Linear(caption, 4 * width, bias=False)

    def forward(self, images, captions):
        features = self.look(images)
        matches = (features * self.wanted(captions)).sum(1, keepdim=True)
        return self.score(features) + matches, self.name(features)


class BagOfWords(nn.Module):
    """The mean of word vectors, then a dense layer."""

    def __init__(self, words, caption):
        super().__init__()
        self.vectors, self.dense = nn.Embedding(words, caption), nn.Linear(caption, caption)

    def forward(self, tokens):
        is_word = (tokens > 0)[:, :, None].float()
        return self.dense((self.vectors(tokens) * is_word).sum(1) / is_word.sum(1).clamp(min=1))


def naming(word_logits, tokens):
    """The cross-entropy of each word."""
    said = F.one_hot(tokens, word_logits.shape[1]).amax(1).float()
    costs = F.softplus(word_logits) - said * word_logits
    return ((tokens > 0).any(1).float() * costs[:, 2:].sum(1)).mean()


def text_gan_step(sizes):
    """Lesson 04: pairs, mismatched captions, names of words, R1 in each fourth step, both averages."""
    count, words, caption, latent_dim = (sizes[k] for k in ("batch", "words", "caption", "latent_dim"))
    g, e = TextGenerator(latent_dim, caption, sizes["g_width"]), BagOfWords(words, caption)
    d = TextDiscriminator(caption, words, sizes["d_width"])
    g_adam, d_adam = adam(g), adam(d, e)
    averages = [[p.detach().clone() for p in network.parameters()] for network in (g, e)]
    real = torch.rand(count, 3, 32, 32) * 2 - 1
    said = torch.randint(1, words, (count, sizes["length"]))
    done = 0

    def step():
        nonlocal done
        tokens = torch.where(torch.rand(count, 1) >= 0.1, said, 0)
        with torch.no_grad():
            fakes = g(torch.randn(count, latent_dim), e(tokens))
        captions = e(tokens)
        asked = torch.cat([captions, captions, captions.roll(1, 0)])
        logits, named = d(torch.cat([real, fakes, real]), asked)
        right, fake, wrong = logits.chunk(3)
        loss = F.softplus(fake - right).mean() + F.softplus(wrong - right).mean()
        loss = loss + naming(named[:count], tokens)
        if done % 4 == 0:
            pictures = real.clone().requires_grad_()
            scores, _ = d(pictures, captions)
            (slopes,) = torch.autograd.grad(scores.sum(), pictures, create_graph=True)
            loss = loss + 4.0 * 0.5 * 2.0 * slopes.square().sum((1, 2, 3)).mean()
        move(loss, d_adam)
        with torch.no_grad():
            captions = e(tokens)
            right, _ = d(real, captions)
        for parameter in d.parameters():
            parameter.requires_grad_(False)
        fake, named = d(g(torch.randn(count, latent_dim), captions), captions)
        move(F.softplus(right - fake).mean() + 0.3 * naming(named, tokens), g_adam)
        for parameter in d.parameters():
            parameter.requires_grad_(True)
        for average, network in zip(averages, (g, e), strict=True):
            follow(average, network.parameters())
        done += 1

    return step


def vae_step(sizes):
    """Lesson 07: the negative ELBO with a learned sigma."""
    count, latent_dim, width = sizes["batch"], sizes["latent_dim"], sizes["width"]
    look = nn.Sequential(
        *(nn.Conv2d(1, width, 4, 2, 1), nn.ReLU(), nn.Conv2d(width, 2 * width, 4, 2, 1), nn.ReLU()),
        *(nn.Flatten(), nn.Linear(98 * width, 2 * latent_dim)),
    )
    draw = nn.Sequential(
        *(nn.Linear(latent_dim, 98 * width), nn.ReLU(), Reshape(2 * width, 7, 7)),
        *(nn.ConvTranspose2d(2 * width, width, 4, 2, 1), nn.ReLU()),
        *(nn.ConvTranspose2d(width, 1, 4, 2, 1), nn.Tanh()),
    )
    log_sigma = nn.Parameter(torch.tensor(-0.7))
    optimizer = torch.optim.Adam([*look.parameters(), *draw.parameters(), log_sigma], 4e-3)
    images = torch.rand(count, 1, 28, 28) * 2 - 1

    def step():
        mean, log_var = look(images).chunk(2, 1)
        drawn = draw(mean + torch.exp(0.5 * log_var) * torch.randn_like(mean))
        nll = 0.5 * ((images - drawn) * torch.exp(-log_sigma)).square() + log_sigma + 0.919
        kl = 0.5 * (mean.square() + log_var.exp() - 1 - log_var)
        move(nll.sum((1, 2, 3)).mean() + kl.sum(1).mean(), optimizer)

    return step


class Block(nn.Module):
    """A residual block."""

    def __init__(self, width):
        super().__init__()
        self.find, self.add = nn.Conv2d(width, width, 3, padding=1), nn.Conv2d(width, width, 3, padding=1)

    def forward(self, x):
        return x + self.add(F.relu(self.find(x)))


class Regressor(nn.Module):
    """Lesson 07's first guess."""

    def __init__(self, width):
        super().__init__()
        self.down = nn.Sequential(nn.Conv2d(3, width, 4, 2, 1), *(Block(width) for _ in range(3)))
        self.quarter = nn.Sequential(
            nn.Conv2d(width, 2 * width, 2, 2),
            *(Block(2 * width) for _ in range(3)),
            nn.ConvTranspose2d(2 * width, width, 2, 2),
        )
        blocks = (Block(width) for _ in range(3))
        self.draw = nn.Sequential(*blocks, nn.ConvTranspose2d(width, 3, 4, 2, 1))

    def forward(self, degraded):
        half = self.down(degraded)
        return degraded + self.draw(half + self.quarter(half))


def guess_step(sizes):
    """Lesson 07's first guess: squared errors, gradients cut to a length."""
    network = Regressor(sizes["width"])
    optimizer = torch.optim.Adam(network.parameters(), 3e-3)
    degraded, clean = (torch.rand(sizes["batch"], 3, *[sizes["crop"]] * 2) * 2 - 1 for _ in range(2))

    def step():
        optimizer.zero_grad(set_to_none=True)
        F.mse_loss(network(degraded), clean).backward()
        nn.utils.clip_grad_norm_(network.parameters(), 0.01)
        optimizer.step()

    return step


STEPS = {
    "02 GAN": gan_step,
    "02 discriminator alone": classifier_step,
    "04 text GAN": text_gan_step,
    "07 VAE": vae_step,
    "07 first guess": guess_step,
}


def convolution_seconds(shapes, times=60):
    """Return CPU seconds of all convolution layers together, forward and backward."""
    pieces = []
    for turned, before, after, kernel, stride, size, count, moves in shapes:
        make = nn.ConvTranspose2d if turned else nn.Conv2d
        padding = kernel // 2 - (kernel % 2 == 0) if stride > 1 else kernel // 2
        layer = make(before, after, kernel, stride, padding if kernel > stride else 0)
        images = torch.randn(count, before, size, size, requires_grad=moves)
        pieces.append((layer, images, torch.randn_like(layer(images))))
    for repeats in (3, times):
        start = time.process_time()
        for _ in range(repeats):
            for layer, images, slope in pieces:
                images.grad = None
                layer.zero_grad()
                layer(images).backward(slope)
    return (time.process_time() - start) / times


def main():
    """Train one model for some steps; print CPU seconds per step and of each convolution layer."""
    asked = json.loads(sys.argv[1])
    step = STEPS[asked["model"]](asked["sizes"])
    for _ in range(10):
        step()
    start = time.process_time()
    for _ in range(asked["steps"]):
        step()
    seconds = (time.process_time() - start) / asked["steps"]
    print(json.dumps({"step": seconds, "conv": convolution_seconds(asked["shapes"])}))


if __name__ == "__main__":
    main()
