"""Common words of titles: what an author's name is not made of.

The lists were written for this project by subject, not counted from any collection.  Words that
are also frequent surnames or given names (*Field*, *Price*, *Young*, *Grace*) are left out on
purpose: here a word speaks against a name, so the doubtful ones must stay silent.  Singular forms
only; regular plurals are recognised.  This module knows words, not weights and not names.
"""

from __future__ import annotations

import re

_RESEARCH = """
abstract account action activity adaptation advance advantage analysis analytics answer appendix
application approach argument article aspect assessment assumption attempt author background
baseline basis benchmark bibliography boundary calculation case category challenge chapter
characteristic choice circumstance claim classification collection comment comparison component
concept conclusion condition conference consequence consideration constraint construction content
context contribution criterion criteria critique data database dataset debate decision definition
demand demonstration dependence derivation description design detail detection determination
development diagnosis dictionary difference dimension direction discovery discussion distribution
document draft edition editorial effect effort element emergence empirical encyclopedia entry
environment equation era error essay essential estimate estimation evaluation evidence example
exercise experience experiment explanation exploration exposure extension fact factor failure
feature finding formula foundation fraction framework function fundamental future generalization
goal guide guideline handbook history hypothesis idea identification illustration impact
implementation implication improvement index indicator influence information inquiry insight
instrument integration interaction interest interface interpretation intervention interview
introduction invention investigation issue item journal keynote knowledge lecture lesson letter
level library limit limitation literature manual mapping material measure measurement mechanism
memoir method methodology metric model modeling modelling monograph motivation nature need note
notion objective observation opportunity option origin outcome outline overview paper paradigm
parameter part path pattern performance perspective phase phenomena phenomenon plan poster
practice prediction preface preliminary preparation presentation principle problem procedure
proceeding process program programme progress project proof property proposal proposition prospect
protocol prototype question randomization range rate ratio reader reading reality reason
recommendation reference reflection region relation relationship relevance reply report
representation requirement research response result retrospective review revision revolution risk
role rule sample scenario scheme science scope section selection series significance similarity
simulation solution source space specification standard state statement statistic status step
strategy structure study subject success suggestion summary supplement support survey symposium
syntax synthesis system table task taxonomy technique technology term test text theorem theory
thesis threshold tool topic tradition transition treatise treatment trend trial tutorial type
uncertainty understanding unit usage use validation validity value variable variant variation
verification version view vision volume workshop
"""
_COMPUTING = """
access accuracy acquisition activation adversarial agent aggregation algorithm alignment
allocation annotation anomaly app architecture array attack attention attribute audio augmentation
authentication automata automation autonomy backdoor backpropagation bandit bayesian bias big
blockchain boosting bootstrap bound browser cache camera captioning causality cell chain chatbot
circuit classifier client cloud cluster clustering code codebook coder coding cognition color
colour communication compiler completion complexity compression computation computer computing
concurrency confidence consensus contrastive control convergence conversation convolution
correction corpus cost coverage credit crowd crowdsourcing cryptography curve cyber debugging
decoder decoding deep defense delay density deployment depth device diagram dialog dialogue
diffusion digital discrete discriminator distance distillation diversity domain drift driven drone
dropout dynamic dynamics edge editing efficiency email embedding encoder encoding encryption end
energy engine engineering ensemble entity entropy event execution exploit explainability
expression extraction face facial fairness fast feedback file filter fine finetuning fingerprint
flow forecast forecasting forensics forest framing game gaming gaussian generation generative
generator geometry gesture gradient grammar graph graphic grid hardware hash hashing heuristic
hierarchy human hybrid identity image imaging imitation inference input instance instruction
intelligence intelligent intent internet inverse iterative kernel key label language large latency
latent layer layout leakage learned learner learning lexicon light likelihood linear link load
local localization location log logic loss low machine map matching math matrix media memory mesh
message meta mind minimization mining mobile modality modular module monitor motion multi
multimedia multimodal music navigation net network neural neuron node noise normalization novel
object objects ontology open operation operator optical optimal optimization oracle order output
overlap packet pair parallel parsing partial performance permutation personalization phone physics
pipeline pixel planning platform player point policy pool pose posterior power precision
preference prior priors privacy probability processing processor programming prompt provenance
pruning quality quantization quantum query radar random rank ranking rationality real reality
reasoning recognition recommender reconstruction recovery recurrent reduction refinement
regression regret regularization reinforcement relay reliability rendering repair replay
repository resilience resolution resource retrieval reward robot robotics robustness routing
runtime safety saliency sampling satellite scalability scale scan scene schedule scheduling schema
score script search security segmentation self semantic semantics sensing sensor sentence
sentiment sequence server service shape sharing shot signal simple simulator single site sketch
skill smart social software sound sparse sparsity spatial speaker speech speed spectrum stability
stack static stochastic storage stream streaming string style supervision surface surveillance
switch symbol tabular tag target template temporal tensor textual texture thing thread time token
topology tracking traffic train training trajectory transaction transfer transform transformation
transformer translation transmission transparency tree tuning tracker understanding update
usability user utility variance vector vehicle video vulnerability walk wave web weight wireless
word workflow zero
"""
_MORE = """
adversarial downlink imagery query smartphone records ahead learning training helping modelling
assistance guidance confidence relevance variance
"""
_WORLD = """
abuse accident adolescence adult advocate affair age aging agriculture aid air airport alcohol
america american animal anxiety archive archaeology army art artist asia asian atlas attack atom
authority autism autobiography aviation battle beauty behavior behaviour being belief biography
biology birth blood body book border brain breast building business campaign cancer capital
capitalism carbon care career cat catalog catastrophe cause century change character chemical
chemistry chicken child childhood children chinese christianity citizen city civil
civilization class climate clinic clinical club coal coast cognitive collapse college colony
comedy commerce commission communism community company competition conflict congress consciousness
conspiracy constitution consumer consumption contract corruption cortex country county court covid
creation crime crisis crop culture currency customer cycle dark dead death debt decade democracy
demography dentist department depression desert desire destruction diabetes diet digestion
disability disaster discourse discrimination disease disorder dog doubt drama dream drug earth
earthquake east ecology economic economy ecosystem education election electricity electron
elephant elite emotion empire employee employment enemy england english equality ethic ethics
ethnicity europe european evil evolution exhibition existence export extinction eye faith family
famine farm fascism fashion fauna fear feminism feminist festival fiction film finance fire
fishery flight flood flora fluid food football force foreign forgetting freedom freshwater
friendship frontier fruit fuel galaxy gallery gas gender gene genetics genocide genome german
germany ghost girl globalization god gold goods government grammar growth habit habitat happiness
hate health healthcare heart heat heaven heritage hero holocaust home hope hormone hospital hour
house household housing humanities humanity hunger ice icon identity ideology illness imagination
immigrant immigration immunity imperialism incident income independence india indian indigenous
individual industry inequality infant infection inflation injury insect institution insurance
intelligence internet invasion iraq iron island islam israel italy japan japanese job justice
killer kingdom kinship labor labour lake land landscape latin law lawsuit lead leader leadership
league legacy legend legislation leisure leukemia liberalism liberation liberty lies life liver
loan logic london loneliness machine magic magnet mainland male mammal management market marketing
marriage mass mathematics meaning meat medicine medieval memorial men metal metaphysics middle
migration military milk mineral minister minority miracle modernity molecule moment money monster
morality mortality mother motherhood mouse movement movie murder muscle museum music mystery myth
mythology nation nationalism navy neighborhood neighbourhood nerve neuroscience new news newspaper
night novel nuclear nurse nursing nutrition obesity ocean officer oil opera opinion organ organism
organization pain painting palace pandemic parent parenting parliament particle partner party past
patient peace people perception person personality philosopher philosophy photo photography
physician physiology picture pilot plague planet plant plasma plastic play poem poet poetics
poetry poison police politic politics pollution population portrait post poverty pregnancy
prejudice presence president press prevention prison prisoner privilege production profession
profit propaganda protein protest psychiatry psychology public publication publishing punishment
race racism radiation radio railway rain rat recall receptor reform refugee regime religion
remembering renaissance repression republic resistance resource revolt rhetoric rights ritual
river road rock romance room ruler rural sacred sailor salt scandal school scientist sea season
seed sense sentence serotonin sex sexuality shark ship singer slave slavery sleep smell society
sociology soil soldier soul south soviet species spirit sport spring star stimulus stock story
storm stress stroke student substance suburb suffering sugar suicide sun supply surgery survival
sustainability symptom teacher teaching teen television territory terror terrorism theater theatre
therapy thing thinking thought toxicity trade tragedy trauma travel treaty trust truth tumor
twitter tyranny union universe university urban vaccine victim victory village violence virus
visual voice voter voting vote war waste water wealth weapon weather welfare west western wildlife
wind window wisdom witch woman women work worker workplace world worm wound writer writing youth
zone
"""
_ADJECTIVES = """
abstract active adaptive advanced aesthetic affective algorithmic ancient anonymous applied
artificial asynchronous automated automatic autonomous available average basic binary biological
black blue brief broad bright central cheap classic classical clean clear closed collaborative
collective common compact comparative complete complex computational conceptual conditional
contemporary continuous convex conventional correct creative critical cross cultural current daily
dangerous deep democratic dense detailed deterministic different direct distributed diverse
domestic dual dynamic early easy ecological economic educational effective efficient electric
electronic elementary emotional empirical environmental equal equivalent essential ethical exact
experimental explicit external extended false familiar famous federated final finite first
flexible formal free full functional fuzzy general genetic global golden good great half hard
heterogeneous hidden hierarchical high historical homogeneous hot huge ideal imperfect implicit
important impossible improved incremental infinite informal innovative interactive intermediate
internal international interpretable invariant invisible joint last late legal lexical liberal
limited linguistic literary logical lost lower magnetic major many massive maximal maximum medical
mental minimal minimum mixed molecular moral mutual naive narrow national natural near necessary
negative neutral next nonlinear nonparametric normal novel numerical official online open optimal
oral ordinary organic original parametric partial passive periodic permanent personal physical
political popular positive possible practical predictive primary private probabilistic
professional proper pure qualitative quantitative quick radical random rapid rare rational real
recent recursive red regional regular relative religious remote rethinking reverse revisiting
robust royal safe scalable scientific second secret secure sequential serious sexual short silent
simultaneous slow smooth soft solid special stable standard statistical strategic structural
structured sudden sufficient supervised sustainable symbolic synthetic systematic technical
theoretical thermal third tiny total toward towards toxic traditional transparent tropical true
ultimate unconscious underlying uniform unified unique universal unknown unsupervised unusual
upper useful valid variational various verbal virtual visible visual vulnerable warm weak whole
wide wrong
"""
_OTHER_LANGUAGES = """
analyse analyses arbeit aspekt bericht beitrag bildung buch deutschland deutsche einführung
entwicklung forschung geschichte gesellschaft grundlage handbuch kultur leben lehre politik recht
schule sprache staat stadt studie theorie untersuchung welt wissenschaft zeit zukunft histoire
étude etude société vie monde pays droit politique français france guerre siècle recherche méthode
théorie langue ville art culture estudio estudios historia sociedad mundo vida análisis teoría
desarrollo educación política salud derecho guerra españa cultura lengua ciudad storia studio vita
mondo società teoria sviluppo diritto italia italiana lingua città educação sociedade brasil saúde
análise desenvolvimento geschiedenis onderzoek nederland история исследование анализ развитие
проблемы россии россия общество язык культура
"""

WORDS = frozenset(
    " ".join((_RESEARCH, _COMPUTING, _MORE, _WORLD, _ADJECTIVES, _OTHER_LANGUAGES)).split()
)

# Endings that given names and surnames hardly ever have, and those that some have (Fleming).
_ENDING = re.compile(
    r"(?:tions?|nesses|ysis|yses|it(?:y|ies)|olog(?:y|ies)|graph(?:y|ies)|tems?|dels?|rithms?"
    r"|isms?|ical|ibles?|wares?|based|ized|ised|ally|ously|ships|ential|ional)\Z"
)
_LOOSE_ENDING = re.compile(
    r"(?:ments?|ness|[a-z]ings?|works?|nces?|mmers?|ures?|ists?|ages?|sses|ives?|ables?|ships?|ics"
    r"|[aeiou]rs)\Z"
)


def is_title_word(word: str) -> bool:
    """Whether a word (in any case) belongs to the vocabulary of titles rather than of names."""
    lower = word.lower()
    if lower in WORDS or (len(lower) >= 6 and _ENDING.search(lower)):
        return True
    return lower.endswith("s") and (
        lower[:-1] in WORDS or lower[:-2] in WORDS or lower[:-3] + "y" in WORDS
    )


def ends_title(word: str) -> bool:
    """Whether a word looks like one that ends titles, even if a few names look the same."""
    return is_title_word(word) or (len(word) >= 6 and _LOOSE_ENDING.search(word) is not None)
