import bz2
import gzip
import lzma

import pytest

from app.copies.sniffing import LOOKED_AT, file_type_of, is_text

FASTQ = "@read1\nACGTN\n+\nIIIII\n@read2\nACG\n+read2\n!!!\n"
SAM = "@HD\tVN:1.6\n@SQ\tSN:chr1\tLN:10\nr1\t0\tchr1\t1\t60\t4M\t*\t0\t0\tACGT\tIIII\n"
GFF3 = "##gff-version 3\nchr1\t.\tgene\t1\t9\t.\t+\t.\tID=g\n"
VCF = "##fileformat=VCFv4.2\n#CHROM\tPOS\tID\tREF\tALT\tQUAL\tFILTER\tINFO\nchr1\t1\t.\tA\tC\t.\t.\t.\n"

CASES = {
    "three columns, as bioblend pastes them": ("1\t2\t3", "bed"),
    "bed with names and strands": ("chr5\t131424298\t131424460\tCCDS4149.1\t0\t+\n", "bed"),
    "bed below a track line": ("track name=x\nchr1\t1\t2\n", "bed"),
    "bed needs numbers": ("chr1\tstart\tend\nchr1\t1\t2\n", "tabular"),
    "two columns": ("a\tb\nc\td\n", "tabular"),
    "columns that differ": ("a\tb\nc\n", "txt"),
    "spaces are no columns": ("1 2 3", "txt"),
    "fasta": (">seq1 human\nACGTACGT\nACGT\n", "fasta"),
    "a quotation is no fasta": ("> said she:\nwhy, indeed?\n", "txt"),
    "fastq": (FASTQ, "fastqsanger"),
    "fastq of unequal lengths": ("@r\nACGT\n+\nIII\n", "txt"),
    "sam": (SAM, "sam"),
    "gff without a version": ("chr1\t.\tgene\t1\t9\t.\t+\t.\tID=g\n", "gff"),
    "gff3": (GFF3, "gff3"),
    "vcf": (VCF, "vcf"),
    "csv": ("a,b,c\n1,2,3\n", "csv"),
    "prose with a comma": ("first, one thing\nthen, another\n", "txt"),
    "json object": ('{"a": [1, 2]}\n', "json"),
    "json array": ("[1, 2, 3]", "json"),
    "a bracket is no json": ("[section]\nkey = value\n", "txt"),
    "html": ("<!DOCTYPE html><p>x</p>", "html"),
    "html in capitals": ("\n<HTML><body></body></HTML>", "html"),
    "html behind comments": ("<!-- a --><!-- b -->\n<html></html>", "html"),
    "nothing but comments, which must not take for ever": ("<!---->" * 9000, "txt"),
    "xml": ('<?xml version="1.0"?><a/>', "xml"),
    "prose": ("Once upon a time.\n", "txt"),
    "nothing": ("", "txt"),
    "only line ends": ("\n\n", "txt"),
    "umlauts": ("Grüße\n", "txt"),
}
BYTES = {
    "png": (b"\x89PNG\r\n\x1a\n\0\0\0\rIHDR", "png"),
    "jpg": (b"\xff\xd8\xff\xe0\0\x10JFIF", "jpg"),
    "gif": (b"GIF89a\1\0", "gif"),
    "tiff, little end first": (b"II*\0\x08\0\0\0", "tiff"),
    "tiff, big end first": (b"MM\0*\0\0\0\x08", "tiff"),
    "pdf": (b"%PDF-1.7\n", "pdf"),
    "zip": (b"PK\x03\x04\x14\0", "zip"),
    "h5": (b"\x89HDF\r\n\x1a\n\0", "h5"),
    "tar": (b"name".ljust(257, b"\0") + b"ustar\x0000", "tar"),
    "sqlite": (b"SQLite format 3\0", "sqlite"),
    "anything else with zero bytes": (b"\x01\x02\0\0", "data"),
    "fastq.gz": (gzip.compress(FASTQ.encode()), "fastqsanger.gz"),
    "fasta.gz": (gzip.compress(b">s\nACGT\nAC\n"), "fasta.gz"),
    "vcf.gz": (gzip.compress(VCF.encode()), "vcf_bgzip"),
    "bam": (gzip.compress(b"BAM\1\0\0\0\0"), "bam"),
    "text, packed": (gzip.compress(b"prose\nand more\n"), "gz"),
    "a broken gzip file": (b"\x1f\x8b\x08 broken", "gz"),
    "bz2": (bz2.compress(b"text"), "bz2"),
    "xz": (lzma.compress(b"text"), "xz"),
}


@pytest.fixture
def holding(tmp_path):
    def write(content):
        path = tmp_path / "file"
        path.write_bytes(content)
        return path

    return write


@pytest.mark.parametrize(("content", "word"), CASES.values(), ids=CASES)
def test_text_is_known_by_its_form(holding, content, word):
    assert file_type_of(holding(content.encode())) == word


@pytest.mark.parametrize(("content", "word"), CASES.values(), ids=CASES)
def test_line_ends_make_no_difference(holding, content, word):
    assert file_type_of(holding(content.replace("\n", "\r\n").encode())) == word


@pytest.mark.parametrize(("content", "word"), BYTES.values(), ids=BYTES)
def test_other_files_are_known_by_their_first_bytes(holding, content, word):
    assert file_type_of(holding(content)) == word
    assert not is_text(holding(content))


def test_the_name_tells_csv_of_two_columns_from_prose(holding):
    path = holding(b"name,age\nAnn,7\n")
    assert (file_type_of(path), file_type_of(path, "people.csv")) == ("txt", "csv")


def test_a_name_does_not_make_text_of_a_picture(holding):
    assert file_type_of(holding(BYTES["png"][0]), "list.csv") == "png"


@pytest.mark.parametrize("line", [b"chr1\t1\t2\tname\n", b"a\tb\n", b"prose of no columns\n"])
def test_a_line_that_is_cut_by_the_end_of_what_is_looked_at_decides_nothing(holding, line):
    short = holding(line * 3)
    assert file_type_of(short) == file_type_of(holding(line * (LOOKED_AT // len(line) + 100)))


def test_a_character_that_is_cut_is_no_fault(holding):
    path = holding("ü".encode() * LOOKED_AT)
    assert (file_type_of(path), is_text(path)) == ("txt", True)


def test_one_line_that_never_ends_is_text(holding):
    assert file_type_of(holding(b"x" * (2 * LOOKED_AT))) == "txt"
