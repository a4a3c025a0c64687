"""Products in: load_products gives images, classes and captions; make_dataset feeds them to training.

sources          load_products: one door to all of these
products         the Products that it returns
catalogue        our own products, drawn: no network needed
catalogue_cache  drawn once, then read from disk
captions         what is said of a drawn product
combinations     which kinds, colours and patterns never meet in training
vocabulary       captions as numbers, and the words that are not known
word_order       captions in which the order of words matters
chimes           a short sound for each catalogue product, and the picture of a sound
triples          products as picture, sentence and chime, and batches of look-alikes
main_colour      captions for photos: the class and the measured colour
cleaning         copies, photos of nothing and doubtful labels, found and listed
coloured         grey clothes in colours, on lit ground: many pictures to learn from first
fashion_mnist    70,000 grey pictures of clothes, by download
share            python -m utils.data.share FOLDER: one data folder for a whole class, which only reads it
photos           your own photos, or any folder of them
photo_folders    which photos a folder holds: class folders or captions.csv
images           bytes 0..255 on disk, floats -1..1 in a network
pipelines        make_dataset: shuffled, augmented, prefetched batches
shards           python -m utils.data.shards FOLDER OUT: photos that do not fit into memory, in mixed files
shard_writer     shard_photos: what that command does; a stopped run goes on where it was
shard_files      one such file: pictures, class ids and captions as TFRecord
shard_manifest   shards.json: what should be there, and which shard is damaged or missing
shard_reader     make_shard_dataset: batches as those of make_dataset, in constant memory
degrade          noise, blur, JPEG and more: a good picture made worse, by a strength with a unit
pairs            make_pairs: (degraded, clean) batches to learn enhancement from
storage          the folder the course keeps its files in
"""

from utils.data.images import scale_images, unscale_images
from utils.data.products import Products
from utils.data.sources import load_products

__all__ = ["Products", "load_products", "scale_images", "unscale_images"]
