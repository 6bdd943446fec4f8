"""What a path below ``cval/`` means in the layout of datasets, told from the path alone. Pure; no file is touched."""

from typing import NamedTuple

from app.datasets.contract import Part

IMAGES = "images"
ANNOTATIONS = "annotations"

_IMAGE_EXTENSIONS = frozenset({"jpg", "jpeg", "png", "bmp", "gif", "tif", "tiff", "webp"})
_LITTER = frozenset({".ds_store", "thumbs.db", "ehthumbs.db", "desktop.ini", "__macosx", ".gitkeep", ".keep"})
_RESOURCE_FORK = "._"  # beside each file that macOS copies to a foreign disk; bears that file's extension
_PARTS = {str(part): part for part in Part}
_PARTS_MEANT = {
    **dict.fromkeys(("train", "training", "trains", "trn"), Part.TRAIN),
    **dict.fromkeys(("test", "testing", "tests", "tst"), Part.TEST),
    **dict.fromkeys(("val", "validation", "valid", "validate", "vals", "dev"), Part.VAL),
}
_FOLDERS_MEANT = {
    **dict.fromkeys(("images", "image", "imgs", "img", "frames", "pictures"), IMAGES),
    **dict.fromkeys(("annotations", "annotation", "anns", "ann", "labels", "label"), ANNOTATIONS),
}


class Place(NamedTuple):
    """Where a file lies: ``dataset/folder/part/below``, each empty when the path is too short for it.

    Attributes:
        dataset: the folder that holds the dataset; empty: ``cval/`` itself.
        folder: the folder in the dataset, where `IMAGES` or `ANNOTATIONS` belongs.
        part: the folder in that, where the name of a `Part` belongs.
        below: the path that is left, never empty.
    """

    dataset: str
    folder: str
    part: str
    below: str

    @property
    def known_part(self) -> Part | None:
        """The part that it belongs to, or None when there is none of this name."""
        return _PARTS.get(self.part)


def place_of(key: str) -> Place:
    """Return where the file lies; ``images/`` and ``annotations/`` at the top are those of the dataset in ``cval/``."""
    dataset, _, rest = key.partition("/")
    if dataset in (IMAGES, ANNOTATIONS) or not rest:
        dataset, rest = "", key
    folder, _, in_folder = rest.partition("/")
    if not in_folder:
        return Place(dataset, "", "", rest)
    part, _, below = in_folder.partition("/")
    return Place(dataset, folder, part, below) if below else Place(dataset, folder, "", in_folder)


def is_litter(key: str) -> bool:
    """Return whether macOS, Windows or git leave such a file behind; nobody means anything by it."""
    return any(name.startswith(_RESOURCE_FORK) or name.lower() in _LITTER for name in key.split("/"))


def is_hidden(key: str) -> bool:
    """Return whether the file, or a folder that it lies in, is hidden."""
    return key.startswith(".") or "/." in key


def is_image(name: str) -> bool:
    """Return whether the name is that of an image."""
    return name.rpartition(".")[2].lower() in _IMAGE_EXTENSIONS and "." in name


def frame_id(below: str) -> str:
    """Return the id of an image: its path below its part without the extension, so unlike folders do not collide."""
    return below.rpartition(".")[0]


def message_at(place: Place, size: int) -> str:
    """Return what is wrong with a file of this size in this place, and what would be right; empty when all is well.

    Litter is to be left out before.
    """
    path = "/".join(filter(None, place))
    if is_hidden(path):
        return "Hidden files are not read. Take the dot from the beginning of the name, or remove it."
    if place.folder not in (IMAGES, ANNOTATIONS):
        return _outside(place)
    if not place.known_part:
        return _in_no_part(place)
    return _unfit_image(place, size) if place.folder == IMAGES else _unfit_annotation(place)


def _outside(place: Place) -> str:
    for name in (place.folder, place.dataset):
        if meant := _FOLDERS_MEANT.get(name.lower()):
            return f"The folder must be called {meant}, not {name}."
    return (
        "It lies outside images/ and annotations/, so it is not read. "
        "Move an image to images/train/, images/test/ or images/val/, and an annotation to the same place "
        "below annotations/."
    )


def _in_no_part(place: Place) -> str:
    if not place.part:
        parts = ", ".join(f"{place.folder}/{part}/" for part in Part)
        return f"It lies in no part of the dataset. Move it to one of {parts}."
    meant = _PARTS_MEANT.get(place.part.lower())
    if meant:
        return f"The folder must be called {place.folder}/{meant}, not {place.folder}/{place.part}."
    return f"There is no part {place.part}. The folders in {place.folder}/ are train, test and val."


def _unfit_image(place: Place, size: int) -> str:
    if not is_image(place.below):
        return "This is no image. The names of images end with .jpg, .jpeg, .png, .bmp, .gif, .tif, .tiff or .webp."
    return "" if size else "The image is empty (0 bytes). Upload it again."


def _unfit_annotation(place: Place) -> str:
    if place.below.lower().endswith(".json"):
        return ""
    return "Annotations are JSON. Convert it to one of the three forms, with a name that ends with .json."
