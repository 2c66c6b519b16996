"""Venues under their many names: acronyms, series titles, proceedings titles.

A table of facts about conferences and journals whose names vary so much that no likeness of texts
tells them apart or brings them together. Refuses to guess about venues that it does not know.
"""

from __future__ import annotations

import re
from functools import lru_cache

from citeworks.resolve.likeness import fold

VENUES: tuple[tuple[str, str, str], ...] = (
    ("neurips", "Advances in Neural Information Processing Systems", "nips|neurips"),
    ("icml", "International Conference on Machine Learning", "icml"),
    ("iclr", "International Conference on Learning Representations", "iclr"),
    ("aaai", "AAAI Conference on Artificial Intelligence", "aaai"),
    ("ijcai", "International Joint Conference on Artificial Intelligence", "ijcai"),
    ("cvpr", "IEEE/CVF Conference on Computer Vision and Pattern Recognition", "cvpr"),
    ("iccv", "IEEE/CVF International Conference on Computer Vision", "iccv"),
    ("eccv", "European Conference on Computer Vision", "eccv"),
    ("bmvc", "British Machine Vision Conference", "bmvc"),
    ("wacv", "IEEE/CVF Winter Conference on Applications of Computer Vision", "wacv"),
    (
        "icassp",
        "IEEE International Conference on Acoustics, Speech and Signal Processing",
        "icassp",
    ),
    ("interspeech", "Interspeech", "interspeech"),
    ("acl", "Annual Meeting of the Association for Computational Linguistics", "acl"),
    ("emnlp", "Conference on Empirical Methods in Natural Language Processing", "emnlp"),
    (
        "naacl",
        "Conference of the North American Chapter of the Association for Computational Linguistics",
        "naacl",
    ),
    (
        "eacl",
        "Conference of the European Chapter of the Association for Computational Linguistics",
        "eacl",
    ),
    ("coling", "International Conference on Computational Linguistics", "coling"),
    ("tacl", "Transactions of the Association for Computational Linguistics", "tacl"),
    ("colm", "Conference on Language Modeling", "colm"),
    ("aistats", "International Conference on Artificial Intelligence and Statistics", "aistats"),
    ("uai", "Conference on Uncertainty in Artificial Intelligence", "uai"),
    ("colt", "Conference on Learning Theory", "colt"),
    ("jmlr", "Journal of Machine Learning Research", "jmlr|j mach learn res"),
    ("tmlr", "Transactions on Machine Learning Research", "tmlr"),
    ("tpami", "IEEE Transactions on Pattern Analysis and Machine Intelligence", "tpami|pami"),
    ("kdd", "ACM SIGKDD Conference on Knowledge Discovery and Data Mining", "kdd|sigkdd"),
    ("www", "The Web Conference", "www"),
    ("sigir", "ACM SIGIR Conference on Research and Development in Information Retrieval", "sigir"),
    ("cikm", "ACM International Conference on Information and Knowledge Management", "cikm"),
    ("wsdm", "ACM International Conference on Web Search and Data Mining", "wsdm"),
    ("recsys", "ACM Conference on Recommender Systems", "recsys"),
    ("chi", "CHI Conference on Human Factors in Computing Systems", "chi|sigchi"),
    ("mm", "ACM International Conference on Multimedia", "mm|acm mm|acmmm"),
    ("sigmod", "ACM SIGMOD International Conference on Management of Data", "sigmod"),
    ("vldb", "Proceedings of the VLDB Endowment", "vldb|pvldb"),
    ("cidr", "Conference on Innovative Data Systems Research", "cidr"),
    ("bigdata", "IEEE International Conference on Big Data", "bigdata|bigdataconf"),
    (
        "asonam",
        "IEEE/ACM International Conference on Advances in Social Networks Analysis and Mining",
        "asonam|asunam",
    ),
    ("sdm", "SIAM International Conference on Data Mining", "sdm"),
    ("icdm", "IEEE International Conference on Data Mining", "icdm"),
    ("soda", "ACM-SIAM Symposium on Discrete Algorithms", "soda"),
    ("stoc", "ACM Symposium on Theory of Computing", "stoc"),
    ("focs", "IEEE Symposium on Foundations of Computer Science", "focs"),
    ("alenex", "Symposium on Algorithm Engineering and Experiments", "alenex"),
    ("mlsys", "Conference on Machine Learning and Systems", "mlsys"),
    ("icra", "IEEE International Conference on Robotics and Automation", "icra"),
    ("iros", "IEEE/RSJ International Conference on Intelligent Robots and Systems", "iros"),
    ("corl", "Conference on Robot Learning", "corl"),
    ("rss", "Robotics: Science and Systems", "rss"),
    ("miccai", "Medical Image Computing and Computer Assisted Intervention", "miccai"),
    ("facct", "ACM Conference on Fairness, Accountability, and Transparency", "facct|fat"),
    ("aies", "AAAI/ACM Conference on AI, Ethics, and Society", "aies"),
    ("cvprw", "IEEE/CVF Conference on Computer Vision and Pattern Recognition Workshops", "cvprw"),
    ("iccvw", "IEEE/CVF International Conference on Computer Vision Workshops", "iccvw"),
    ("eccvw", "European Conference on Computer Vision Workshops", "eccvw"),
    ("arxiv", "arXiv", "arxiv|corr"),
)
"""A short name, the series title, and the acronyms (folded, parted by ``|``) of each venue."""

_PHRASES: tuple[tuple[str, str], ...] = (
    ("neural information processing systems", "neurips"),
    ("machine learning and systems", "mlsys"),
    ("conference on machine learning and applications", "icmla"),
    ("conference on machine learning and cybernetics", "icmlc"),
    ("european conference on machine learning", "ecml"),
    ("asian conference on machine learning", "acml"),
    ("knowledge discovery in databases", "pkdd"),
    ("conference on machine learning", "icml"),
    ("learning representations", "iclr"),
    ("joint conference on artificial intelligence", "ijcai"),
    ("joint conferences on artificial intelligence", "ijcai"),
    ("aaai conference on artificial intelligence", "aaai"),
    ("national conference on artificial intelligence", "aaai"),
    ("computer vision and pattern recognition", "cvpr"),
    ("european conference on computer vision", "eccv"),
    ("asian conference on computer vision", "accv"),
    ("computer vision theory and applications", "visapp"),
    ("winter conference on applications of computer vision", "wacv"),
    ("international conference on computer vision", "iccv"),
    ("british machine vision", "bmvc"),
    ("acoustics speech and signal processing", "icassp"),
    ("international speech communication association", "interspeech"),
    ("transactions of the association for computational linguistics", "tacl"),
    ("north american chapter of the association for computational", "naacl"),
    ("european chapter of the association for computational", "eacl"),
    ("annual meeting of the association for computational linguistics", "acl"),
    ("empirical methods in natural language processing", "emnlp"),
    ("international conference on computational linguistics", "coling"),
    ("conference on language modeling", "colm"),
    ("artificial intelligence and statistics", "aistats"),
    ("uncertainty in artificial intelligence", "uai"),
    ("conference on learning theory", "colt"),
    ("computational learning theory", "colt"),
    ("journal of machine learning research", "jmlr"),
    ("transactions on machine learning research", "tmlr"),
    ("transactions on pattern analysis and machine intelligence", "tpami"),
    ("pacific asia conference on knowledge discovery", "pakdd"),
    ("knowledge discovery and data mining", "kdd"),
    ("knowledge discovery data mining", "kdd"),
    ("world wide web conference", "www"),
    ("conference on world wide web", "www"),
    ("the web conference", "www"),
    ("acm web conference", "www"),
    ("development in information retrieval", "sigir"),
    ("information and knowledge management", "cikm"),
    ("information knowledge management", "cikm"),
    ("web search and data mining", "wsdm"),
    ("conference on recommender systems", "recsys"),
    ("human factors in computing systems", "chi"),
    ("multimedia and expo", "icme"),
    ("conference on multimedia retrieval", "icmr"),
    ("conference on multimedia", "mm"),
    ("conference on management of data", "sigmod"),
    ("vldb endowment", "vldb"),
    ("very large data bases", "vldb"),
    ("innovative data systems research", "cidr"),
    ("international conference on big data", "bigdata"),
    ("social networks analysis and mining", "asonam"),
    ("siam international conference on data mining", "sdm"),
    ("symposium on discrete algorithms", "soda"),
    ("symposium on theory of computing", "stoc"),
    ("ieee international conference on data mining", "icdm"),
    ("mathematical foundations of computer science", "mfcs"),
    ("foundations of computer science", "focs"),
    ("algorithm engineering and experiments", "alenex"),
    ("conference on robotics and automation", "icra"),
    ("intelligent robots and systems", "iros"),
    ("conference on robot learning", "corl"),
    ("robotics science and systems", "rss"),
    ("computer assisted intervention", "miccai"),
    ("fairness accountability and transparency", "facct"),
    ("ai ethics and society", "aies"),
)
"""Stretches of folded proceedings titles, the longer ones of a family first."""

_NAMES = {short: title for short, title, _ in VENUES}
_ACRONYMS = {form: short for short, _, forms in VENUES for form in forms.split("|")}
_SIDE_ACRONYMS = frozenset({"cvprw", "iccvw", "eccvw"})
_SIDE = ("workshop", "tiny papers", "symposium series", "companion", "adjunct")
_JOURNALS = frozenset({"jmlr", "tmlr", "tacl", "tpami", "vldb"})
_PUBLISHERS = frozenset(
    """
    proceedings of machine learning research|proc mach learn res|pmlr|openreview net|openreview
    |aaai press|bmva press|auai press|ijcai org|curran associates|curran associates inc|ieee|acm
    |springer|isca|siam|usenix association|lecture notes in computer science|lect notes comput sci
    |lncs|ceur workshop proceedings|ceur|journal of machine learning research proceedings
    |jmlr workshop and conference proceedings|ifaamas|morgan kaufmann|elsevier|mit press
    """.replace("\n", "")
    .replace("    ", "")
    .split("|")
)
"""Publishers and series (folded): as the name of a venue they say nothing of it."""
_JOURNAL_NAMES = frozenset(
    """
    machine learning|mach learn|artificial intelligence|artif intell|neural networks|neural netw
    |neural computation|neural comput|neurocomputing|pattern recognition|pattern recognit
    |information sciences|inf sci|knowledge based systems|knowl based syst|expert syst appl
    |expert systems with applications|ieee access|bioinformatics|algorithmica|comput graph forum
    |computer graphics forum|medical image analysis|medical image anal|med image anal|commun acm
    |communications of the acm|theoretical computer science|theor comput sci|comput linguistics
    |computational linguistics|speech communication|speech commun|data min knowl discov
    |data mining and knowledge discovery|knowl inf syst|knowledge and information systems
    |appl intell|applied intelligence|appl soft comput|applied soft computing|autonomous robots
    |auton robots|auton agents multi agent syst|comput vis image underst|image vis comput
    |computer vision and image understanding|image and vision computing|multim tools appl
    |multimedia tools and applications|multimedia systems|soft computing|soft comput|sensors
    |entropy|plos one|nat commun|nat mach intell|scientific reports|sci rep|proc ieee
    |ieee comput intell mag|proceedings of the ieee|proc natl acad sci|proc acm hum comput interact
    |proc acm manag data|proc acm program lang|inf process manag|inf syst|information systems
    |information processing and management|information fusion|inf fusion|world wide web
    |distributed computing|distributed comput|comput secur|computers and security|comput networks
    |computer networks|acm comput surv|acm computing surveys|found trends mach learn
    |foundations and trends in machine learning|ai mag|ai commun|robotics auton syst|pacmhci
    |user model user adapt interact|sigkdd explor|sigmod rec|statistics and computing|stat comput
    |comput stat data anal|annals of statistics|ann stat|biometrika|siam rev|operations research
    |oper res|management science|manag sci|mathematical programming|math program|math oper res
    |mathematics of operations research|automatica|signal processing|signal process|patterns
    |digit signal process|iscience|elife|electronics|mathematics|applied sciences|remote sensing
    |remote sens|games and economic behavior|random struct algorithms|combinatorica
    |computational complexity|comput complex|inf comput|information and computation|forensic sci int
    """.replace("\n", "")
    .replace("    ", "")
    .split("|")
)
"""Journals (folded) whose names have no word that tells a journal."""
_JOURNAL_WORDS = frozenset(
    "journal j transactions trans letters lett review reviews magazine annals nature".split()
)
_SMALL = frozenset("of the on in and for a an to at".split())
_FILLERS = _SMALL | frozenset("proceedings proc annual conf conference".split())
_WRITTEN_OUT = {"intl": "international", "natl": "national", "assn": "association"}
_LONG_PHRASES = tuple(
    (telling, venue)
    for phrase, venue in _PHRASES
    if len(telling := [word for word in phrase.split() if word not in _FILLERS]) > 2
)
"""The telling words of each stretch that has enough of them to be known by their beginnings."""
_STREAM = re.compile(r"([a-z]+)(\d{4})?(?:-\d+)?\Z")
_DIGITS = re.compile(r"\b(?:\d+(?:st|nd|rd|th)?)\b|(?<=[a-z])\d{2,4}\b")


@lru_cache(maxsize=8192)
def venue_id(name: str) -> str:
    """The short name of a venue under any of its names, or the empty string when unknown.

    A workshop is not the conference it stands beside: its short name ends in ``w``.
    """
    folded = " ".join(_DIGITS.sub(" ", fold(name)).split())
    if not folded:
        return ""
    if "findings" in folded.split():
        return "findings"
    padded = f" {folded} "
    short = next((venue for phrase, venue in _PHRASES if f" {phrase} " in padded), "")
    words = folded.split()
    if not short:
        named = [_ACRONYMS[word] for word in words if word in _ACRONYMS and len(word) > 2]
        short = named[0] if named and (len(words) <= 8 or len(set(named)) == 1) else ""
        short = short or _ACRONYMS.get(folded, "") or _abbreviated(folded)
    if not short:
        return ""
    return f"{short}w" if is_side_track(name) and not short.endswith("w") else short


def _abbreviated(folded: str) -> str:
    """The venue whose title stands in a name with each of its words cut short, or nothing."""
    words = [_WRITTEN_OUT.get(word, word) for word in folded.split() if word not in _FILLERS]
    for telling, venue in _LONG_PHRASES:
        for start in range(len(words) - len(telling) + 1):
            pairs = zip(words[start:], telling, strict=False)
            if all(len(word) > 1 and title.startswith(word) for word, title in pairs):
                return venue
    return ""


def is_silent(name: str) -> bool:
    """True for a publisher or a series in the place of a venue."""
    return " ".join(_DIGITS.sub(" ", fold(name)).split()).removeprefix("vol ") in _PUBLISHERS


@lru_cache(maxsize=8192)
def is_side_track(name: str) -> bool:
    """True for workshops and other tracks beside a conference."""
    folded = fold(name)
    return any(side in folded for side in _SIDE) or folded.split(" ")[0] in _SIDE_ACRONYMS


@lru_cache(maxsize=8192)
def venue_name(stream: str) -> str:
    """The series title for a stream such as ``neurips2022`` or ``icassp2019-2``."""
    found = _STREAM.match(stream.casefold())
    if not found:
        return stream
    short = _ACRONYMS.get(found[1], found[1])
    return _NAMES.get(short, found[1].upper())


@lru_cache(maxsize=8192)
def is_journal(name: str) -> bool:
    """True if a venue is a journal, by its name."""
    short, folded = venue_id(name), fold(name)
    if short:
        return short in _JOURNALS
    return folded in _JOURNAL_NAMES or bool(_JOURNAL_WORDS & set(folded.split()))


def abbreviates(short: str, title: str) -> bool:
    """True if each word of one name is the beginning of a word of the other, in their order.

    ``Proc. Int. Conf. Mach. Learn.`` abbreviates *International Conference on Machine Learning*;
    so does an acronym made of the first letters.
    """
    words = _telling(short)
    others = iter(_telling(title))
    if words and all(any(other.startswith(word) for other in others) for word in words):
        return True
    spelled = [word for word in fold(title).split() if word not in _SMALL]
    initials = {"".join(word[0] for word in each) for each in (spelled, spelled[1:])}
    return len(words) == 1 and len(words[0]) > 2 and words[0] in initials


def _telling(name: str) -> list[str]:
    """The words that tell a venue: no years, no editions, no small words."""
    return [word for word in _DIGITS.sub(" ", fold(name)).split() if word not in _FILLERS]
