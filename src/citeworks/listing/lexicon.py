"""Closed word classes that decide where a title ends and a name begins.

Particles, prefixes with a capital after them, generational suffixes, words of collective authors,
function words, and words whose inner capital is not a boundary.  Written for this project.  This
module knows no weights; given names and surnames are in ``names``, title words in ``vocabulary``.
"""

from __future__ import annotations

# Lower-case parts of names, as in "Ludwig van Beethoven" or "Jan C. van Ours".
PARTICLES = frozenset(
    """
    van von vom zu zum zur der den dem des de del della delle dello degli dei di da das do dos du
    la las le les lo los el al ad ed ten ter ther het 't an af av ap ab abu abd bin ibn ben bint
    bat y e i i' und et dit san santa saint st st. te of os ul ur abdul 's
    """.split()
)
# Rare in names ("Pieter in 't Veld"), frequent in titles.
WEAK_PARTICLES = frozenset("op am auf aus tot in onder over uit voor".split())
# Capitalised in titles, never a name.
NEVER_NAMES = frozenset(
    """
    is are was were not that which with without from this these those than using when where while
    whose their our between among into onto over under toward towards beyond through during its
    """.split()
)
# Particles that are common enough at the very start of a name to open one inside a word.
OPENING_PARTICLES = ("van", "von", "vom", "de", "del", "della")

# What may stand before an inner capital of one name: McCain, DeVito, O'Neil, VanHoucke.
INNER_PREFIXES = frozenset(
    """
    Mc Mac De Di Du Da Do Dal Dos Del Della Dell Delle Des La Le Lo Van Von Vander Vanden Vande Fitz
    Ver El Al Ab Ap St San Ten Ter Abd Abu Ibn Ben Bin Saint Ni Nic Mag DeLa Mul
    """.split()
)
SUFFIXES = frozenset(
    "jr jr. sr sr. ii iii iv phd ph.d. ph.d md m.d. m.d esq esq. filho neto júnior junior".split()
)

# Words that make an author of several words a body rather than a person.
COLLECTIVE = frozenset(
    """
    team teams collaboration collaborations consortium workshop group force taskforce network
    initiative alliance foundation institute institutes institution institut instituto university
    universität université universidad università college school academy society association
    federation union league committee commission council board bureau office ministry department
    agency authority administration service services center centre centro laboratory laboratories
    lab labs project projects program programme community contributors developers investigators
    organization organisation bank museum library press company corporation corp corp. inc inc.
    ltd ltd. gmbh llc government parliament nations states editors newsroom redacción redaktion
    coordinamento ministère ministerio comité conseil club orchestra party movement headquarters
    """.split()
)
# Of these, the ones that end many titles too.
WEAK_COLLECTIVE = frozenset(
    """
    network group force workshop project projects program programme community services service
    library press school team teams foundation center centre states nations movement party lab
    labs laboratory alliance
    """.split()
)
BODY_OPENERS = frozenset("World European United International National American".split())
ORG_LINKS = frozenset(
    "of for and the in on to & at de la des du del della delle dei et y für und der do da di e "
    "against with".split()
)
# Bodies known by one word, or by an abbreviation that opens a longer name.
BODIES = frozenset(
    """
    OpenAI Anthropic DeepMind DeepSeek-AI DeepSeek NVIDIA Google Microsoft Meta Wikipedia Reuters
    AFP dpa UNESCO WHO OECD NASA IBM Apple Amazon UNICEF WIPO CERN IMF BBC CNN Xinhua TASS Qwen
    Baidu Tencent Alibaba Huawei Mistral Cohere xAI IPCC NIST ISO IEEE W3C IETF BigScience LLaMA
    Llama NLLB GLM Gemini Gemma Kimi ATLAS CMS LHCb ALICE LIGO Virgo KAGRA BaBar Belle CDF IceCube
    Planck TOTEM STAR PHENIX BESIII CLAS COMPASS XENON LUX DESI Fermi-LAT Fermi HESS MAGIC H.E.S.S.
    EleutherAI InternLM ChatGLM BigCode Adept AllenAI StepFun MiniMax Moonshot Zhipu
    """.split()
)

# Bodies of several words of which none gives them away.
LONGER_BODIES = frozenset(
    name.strip()
    for name in """
    Games Workshop; World Bank; Associated Press; Human Rights Watch; Amnesty International;
    The Guardian; The Economist; The New York Times; The Washington Post; BBC News; Al Jazeera;
    Freedom House; Wizards of the Coast; Doctors Without Borders; Council of Europe; Mistral AI;
    Meta AI; Google DeepMind; Bank of England; House of Commons; United Nations; United States;
    Middle East Eye; Radio Free Europe; Agence France-Presse; Deutsche Welle; Der Spiegel;
    Le Monde; El País; Anonymous; Various Authors
    """.split(";")
)

FUNCTION_WORDS = frozenset(
    """
    a an the of and or nor but for in on at to from by with without into onto over under between
    among via using as than that which who whose when where while if is are was were be been being
    has have had der die das den dem des ein eine einer eines und oder von vom zu zum zur mit für
    auf aus bei nach über le la les un une du de des et ou au aux dans pour par sur avec el los las
    del y en con por para il lo gli della delle dei di da nel nella per tra het een van voor met na
    bij och av på med our their its his her your my these those not no
    """.split()
)

# Whole words whose inner capital belongs to them, and endings of titles that look like initials.
CAMEL_WORDS = frozenset(
    """
    YouTube GitHub GitLab JavaScript TypeScript PowerPoint PostScript LaTeX BibTeX TeX LinkedIn
    WhatsApp ChatGPT iPhone iPad iOS macOS eBay PayPal MySQL PostgreSQL NoSQL SQLite TensorFlow
    PyTorch OpenAI DeepMind AlphaGo AlphaFold AlphaZero MapReduce ImageNet WordNet WaveNet ResNet
    DenseNet MobileNet EfficientNet BioBERT RoBERTa DeBERTa SciBERT CoNLL arXiv bioRxiv medRxiv
    TikTok FaceTime PlayStation StarCraft WarCraft SpaceX OpenGL OpenStreetMap OpenCV NumPy SciPy
    VoIP WiFi PhD mRNA siRNA miRNA SoC IoT DeepSeek FedEx DotA MicroRNA SemEval ConceptNet FrameNet
    DBpedia CiteSeerX CiteSeer DoF DoFs GANs LLMs MaxSAT TikZ TeV GeV MeV keV kHz MHz GHz dB kW MW
    SiC GaN GaAs InGaAs ZnO TiO SiO CaCO NaCl fMRI sMRI rTMS tDCS ResNeXt LoRA QLoRA StyleGAN
    CycleGAN OpenMP WebGL WebRTC GraphQL SPARQL AdaBoost XGBoost LightGBM CatBoost VideoGame
    PubMed BitTorrent BitCoin McDonald MacBook AirBnB eHealth mHealth eLearning
    """.split()
)
DOTTED_ENDS = frozenset("U.S. U.K. U.S.A. U.N. D.C. A.D. B.C. E.U. N.Y. L.A. U.S.S.R. A.I.".split())
