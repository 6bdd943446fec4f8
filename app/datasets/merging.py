"""Several documents of one form as one, of which only the first images are kept. Pure; used by one thread."""

from collections.abc import Mapping, Sequence
from typing import Any, Protocol

from app.datasets.coco import info
from app.datasets.contract import Form


class Merged(Protocol):
    """What documents are put together in."""

    quantity: int

    def add(self, content: Any) -> None:
        """Take in the content of one more document."""
        ...

    @property
    def kept(self) -> int:
        """How many labels or images were kept, and annotations of kept images."""
        ...

    @property
    def content(self) -> Mapping[str, Any] | Sequence[Mapping[str, Any]]:
        """All that was kept."""
        ...


def merged(form: Form, limit: int | None) -> Merged:
    """Return something empty that documents of this form are added to.

    Args:
        form: theirs.
        limit: how many labels or images are kept of all; None: all. All are counted.
    """
    return MergedDetections(limit) if form is Form.DETECTION else MergedList(limit)


class MergedList:
    """Lists, one after the other."""

    def __init__(self, limit: int | None) -> None:
        self.quantity = 0
        self._limit = limit
        self.content: list[dict[str, Any]] = []

    def add(self, content: Sequence[dict[str, Any]]) -> None:
        """Take in one more list."""
        self.quantity += len(content)
        room = None if self._limit is None else self._limit - len(self.content)
        self.content.extend(content[:room])

    @property
    def kept(self) -> int:
        """How many records were kept."""
        return len(self.content)


class Numbers:
    """Ids of one list: each stays as it is unless another record has it already."""

    def __init__(self) -> None:
        self._taken: set[int] = set()
        self._by_identity: dict[Any, int] = {}
        self._next = 1

    def known(self, identity: Any) -> int | None:
        """Return the id of the record that is the same thing, if there was one."""
        return self._by_identity.get(identity)

    def give(self, wanted: int, identity: Any = None) -> int:
        """Return ``wanted``, or the next free id where that is taken."""
        number = self._next if wanted in self._taken else wanted
        self._taken.add(number)
        self._next = max(self._next, number + 1)
        if identity is not None:
            self._by_identity[identity] = number
        return number


class MergedDetections:
    """COCO documents as one.

    An image is known again by its ``file_name``, a category by its ``name`` and ``supercategory``, a license by its
    ``name`` and ``url``: the first record of it stays, and others point to it. Ids that clash are replaced by free
    ones, and what points to them follows. So the first document keeps its ids, and ``info`` is that of the first.
    """

    def __init__(self, limit: int | None) -> None:
        self._limit = limit
        self._info: dict[str, Any] | None = None
        self._images = Numbers()
        self._kept: set[int] = set()
        self._records: dict[str, list[dict[str, Any]]] = {
            name: [] for name in ("annotations", "images", "categories", "licenses")
        }
        self._annotations, self._categories, self._licenses = Numbers(), Numbers(), Numbers()
        self.quantity = 0

    def add(self, content: Mapping[str, Any]) -> None:
        """Take in one more document."""
        self._info = self._info or content["info"]
        licenses = self._taken_over(self._licenses, content, "licenses", ("name", "url"))
        categories = self._taken_over(self._categories, content, "categories", ("name", "supercategory"))
        images = {image["id"]: self._take_image(image, licenses) for image in content["images"]}
        for annotation in content["annotations"]:
            image_id = images[annotation["image_id"]]
            number = self._annotations.give(annotation["id"])
            if image_id in self._kept:
                pointing = {"image_id": image_id, "category_id": categories[annotation["category_id"]], "id": number}
                self._records["annotations"].append({**annotation, **pointing})

    @property
    def kept(self) -> int:
        """How many images and annotations were kept."""
        return len(self._records["images"]) + len(self._records["annotations"])

    @property
    def content(self) -> Mapping[str, Any]:
        """One document."""
        return {**self._records, "info": self._info or info({})}

    def _take_image(self, image: Mapping[str, Any], licenses: Mapping[int, int]) -> int:
        known = self._images.known(image["file_name"])
        if known is not None:
            return known
        number = self._images.give(image["id"], image["file_name"])
        self.quantity += 1
        if self._limit is None or len(self._kept) < self._limit:
            self._kept.add(number)
            license_id = licenses.get(image["license"], image["license"])
            self._records["images"].append({**image, "license": license_id, "id": number})
        return number

    def _taken_over(
        self, numbers: Numbers, content: Mapping[str, Any], name: str, identity: tuple[str, str]
    ) -> dict[int, int]:
        """Keep the records of this list that are new, and return the new id of each old one."""
        new_ids: dict[int, int] = {}
        for record in content[name]:
            same = tuple(record[field] for field in identity)
            known = numbers.known(same)
            if known is None:
                known = numbers.give(record["id"], same)
                self._records[name].append({**record, "id": known})
            new_ids[record["id"]] = known
        return new_ids
