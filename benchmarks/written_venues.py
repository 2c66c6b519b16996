"""The names under which people write the venues of the catalogue's papers."""

from __future__ import annotations

WRITTEN: dict[str, str] = {
    "neurips": (
        "NeurIPS|NIPS|Proc. NeurIPS|Advances in Neural Inf. Process. "
        "Syst.|NeurIPS'YY|Thirty-Fifth Conference on Neural Information Processing "
        "Systems|Advances in Neural Information Processing Systems 34 (NeurIPS YYYY)|Adv. "
        "Neural Inf. Process. Syst.|Curran Associates: NeurIPS YYYY"
    ),
    "icml": (
        "ICML|Proc. ICML|Proceedings of the 38th International Conference on Machine "
        "Learning|Proceedings of Machine Learning Research|PMLR|Proc. Mach. Learn. Res.|Int. "
        "Conf. Mach. Learn.|ICML YYYY, Proceedings of Machine Learning Research, PMLR "
        "139|International Conference on Machine Learning, PMLR"
    ),
    "iclr": (
        "ICLR|ICLR (Poster)|Proc. ICLR|Int. Conf. Learn. Represent.|ICLR YYYY Poster|The "
        "Tenth International Conference on Learning Representations, {ICLR} YYYY, Virtual "
        "Event|9th International Conference on Learning Representations|OpenReview.net|ICLR "
        "(OpenReview)"
    ),
    "aaai": (
        "AAAI|Proc. AAAI|Proceedings of the AAAI Conference on Artificial "
        "Intelligence|Thirty-Fifth {AAAI} Conference on Artificial Intelligence, {AAAI} "
        "YYYY|AAAI Press|Proc. AAAI Conf. Artif. Intell.|AAAI/IAAI|AAAI Conf. Artif. "
        "Intell.|National Conference on Artificial Intelligence (AAAI)"
    ),
    "cvpr": (
        "CVPR|IEEE Conf. Comput. Vis. Pattern Recog.|CVPR'YY|2021 IEEE/CVF Conference on "
        "Computer Vision and Pattern Recognition (CVPR)|Computer Vision and Pattern "
        "Recognition|Proc. IEEE/CVF Conf. Comput. Vis. Pattern Recognit.|Proc. CVPR|Proc. "
        "IEEE Comput. Soc. Conf. Comput. Vis. Pattern Recognit."
    ),
    "iccv": (
        "ICCV|Proc. ICCV|2021 IEEE/CVF International Conference on Computer Vision "
        "(ICCV)|Proc. IEEE Int. Conf. Comput. Vis.|Int. Conf. Comput. Vis.|Intl. Conf. on "
        "Computer Vision"
    ),
    "ijcai": (
        "IJCAI|IJCAI-YY|Proc. IJCAI|Proceedings of the Thirtieth International Joint "
        "Conference on Artificial Intelligence, {IJCAI-YY}|Int. Joint Conf. Artif. "
        "Intell.|ijcai.org"
    ),
    "icassp": (
        "ICASSP|Proc. ICASSP|ICASSP YYYY - YYYY IEEE International Conference on Acoustics, "
        "Speech and Signal Processing (ICASSP)|IEEE Int. Conf. Acoust. Speech Signal "
        "Process.|Proc. IEEE ICASSP|IEEE Int. Conf. Acoust., Speech, Signal Process. (ICASSP)"
    ),
    "interspeech": (
        "Interspeech|INTERSPEECH YYYY|Proc. Interspeech YYYY|Annual Conference of the "
        "International Speech Communication Association|ISCA Interspeech|Proc. Annu. Conf. "
        "Int. Speech Commun. Assoc."
    ),
    "kdd": (
        "KDD|SIGKDD|Proc. KDD|Proceedings of the 27th ACM SIGKDD Conference on Knowledge "
        "Discovery \\& Data Mining|KDD '21: The 27th ACM SIGKDD Conference|ACM SIGKDD|Proc. "
        "ACM SIGKDD Int. Conf. Knowl. Discov. Data Min."
    ),
    "www": (
        "WWW|The Web Conference|Proceedings of the ACM Web Conference YYYY|TheWebConf|WWW "
        "'21: The Web Conference YYYY|Proc. WWW|Proceedings of the 24th International "
        "Conference on World Wide Web|Proc. Int. Conf. World Wide Web"
    ),
    "sigir": (
        "SIGIR|Proc. SIGIR|Proceedings of the 44th International ACM SIGIR Conference on "
        "Research and Development in Information Retrieval|SIGIR '21|Int. ACM SIGIR Conf. "
        "Res. Dev. Inf. Retr."
    ),
    "cikm": (
        "CIKM|Proceedings of the 30th ACM International Conference on Information \\& "
        "Knowledge Management|Proc. CIKM|ACM Int. Conf. Inf. Knowl. Manag."
    ),
    "chi": (
        "CHI|Proceedings of the YYYY CHI Conference on Human Factors in Computing Systems|CHI"
        " '21: CHI Conference on Human Factors in Computing Systems|ACM CHI|Proc. "
        "CHI|Proceedings of the SIGCHI Conference on Human Factors in Computing Systems|Proc."
        " SIGCHI Conf. Hum. Factors Comput. Syst."
    ),
    "aistats": (
        "AISTATS|Proc. AISTATS|Proceedings of The 24th International Conference on Artificial"
        " Intelligence and Statistics|PMLR|Proceedings of Machine Learning Research|Int. "
        "Conf. Artif. Intell. Stat."
    ),
    "uai": (
        "UAI|Proc. UAI|Proceedings of the Thirty-Seventh Conference on Uncertainty in "
        "Artificial Intelligence|PMLR|AUAI Press|Conf. Uncertain. Artif. Intell."
    ),
    "bmvc": (
        "BMVC|British Machine Vision Conference YYYY|Proc. BMVC|Brit. Mach. Vis. Conf.|BMVA Press"
    ),
    "bigdata": (
        "IEEE BigData|2019 IEEE International Conference on Big Data (Big Data)|Big Data|IEEE"
        " Int. Conf. Big Data"
    ),
    "mm": (
        "ACM MM|ACM Multimedia|MM '21|Proceedings of the 29th ACM International Conference on"
        " Multimedia|ACM Int. Conf. Multimedia|Proc. ACM Multimedia|MM"
    ),
    "sigmod": (
        "SIGMOD|SIGMOD Conference|Proceedings of the YYYY International Conference on "
        "Management of Data|ACM SIGMOD|SIGMOD/PODS '21: International Conference on "
        "Management of Data"
    ),
    "soda": (
        "SODA|Proceedings of the Annual ACM-SIAM Symposium on Discrete Algorithms|Proc. "
        "SODA|ACM-SIAM Symp. Discrete Algorithms"
    ),
    "stoc": (
        "STOC|Proceedings of the 53rd Annual ACM SIGACT Symposium on Theory of Computing|ACM "
        "STOC|ACM Symp. Theory Comput."
    ),
    "colt": (
        "COLT|Conference on Learning Theory|Proc. COLT|PMLR|Annual Conference Computational "
        "Learning Theory"
    ),
    "wsdm": (
        "WSDM|Proceedings of the 14th ACM International Conference on Web Search and Data "
        "Mining|WSDM '21"
    ),
    "recsys": "RecSys|RecSys '21: Fifteenth ACM Conference on Recommender Systems|ACM RecSys",
    "sdm": (
        "SDM|SIAM SDM|Proceedings of the 2020 SIAM International Conference on Data Mining (SDM)"
    ),
    "asonam": "ASONAM|IEEE/ACM ASONAM|Proc. ASONAM",
    "jmlr": "JMLR|J. Mach. Learn. Res.|Journal of Machine Learning Research (JMLR)",
}
"""How each venue is written: forms parted by ``|``, YYYY and YY stand for the year."""
