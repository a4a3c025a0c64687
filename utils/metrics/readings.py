"""What picture, words and sound of each product tell, read by the two judges and by the grammar."""

from utils.metrics.attributes import load_attribute_judge
from utils.metrics.sentences import read_sentences
from utils.metrics.sounds import load_sound_judge


def read_products(pictures, captions, spectrograms):
    """Return what each modality tells, as modality_agreement wants it.

    Shapes:  pictures (n, 32, 32, 3), n captions, spectrograms (n, 48, 40, 1)
             -> {"picture": {name: str (n,)}, "words": ..., "sound": ...}
    Units:   words of the catalogue, "" where a caption is no sentence
    Healthy: real products agree in more than 97 of 100
    Source:  our own judges; none of them ever meets a generator while that trains
    """
    return {
        "picture": load_attribute_judge().read(pictures),
        "words": read_sentences(captions),
        "sound": load_sound_judge().read(spectrograms),
    }
