"""Zotero's item types, fields and creators beside CSL's: facts as tables, nothing that acts.

The names are those of Zotero's schema.
"""

from __future__ import annotations

SCHEMA_VERSION = 41
"""The version of Zotero's schema that these tables are."""

ITEM_TYPES = {
    "journalArticle": "article-journal",
    "magazineArticle": "article-magazine",
    "newspaperArticle": "article-newspaper",
    "preprint": "article",
    "bill": "bill",
    "book": "book",
    "tvBroadcast": "broadcast",
    "radioBroadcast": "broadcast",
    "podcast": "broadcast",
    "bookSection": "chapter",
    "dataset": "dataset",
    "document": "document",
    "attachment": "document",
    "note": "document",
    "dictionaryEntry": "entry-dictionary",
    "encyclopediaArticle": "entry-encyclopedia",
    "artwork": "graphic",
    "hearing": "hearing",
    "interview": "interview",
    "case": "legal_case",
    "statute": "legislation",
    "manuscript": "manuscript",
    "map": "map",
    "film": "motion_picture",
    "videoRecording": "motion_picture",
    "conferencePaper": "paper-conference",
    "patent": "patent",
    "letter": "personal_communication",
    "email": "personal_communication",
    "instantMessage": "personal_communication",
    "forumPost": "post",
    "blogPost": "post-weblog",
    "report": "report",
    "computerProgram": "software",
    "audioRecording": "song",
    "presentation": "speech",
    "standard": "standard",
    "thesis": "thesis",
    "webpage": "webpage",
}
"""From Zotero's item type to the CSL type; read backwards, the first one holds."""

NEAREST_ITEM_TYPES = {
    "classic": "book",
    "collection": "document",
    "entry": "encyclopediaArticle",
    "event": "presentation",
    "figure": "artwork",
    "musical_score": "audioRecording",
    "pamphlet": "book",
    "performance": "presentation",
    "periodical": "book",
    "regulation": "statute",
    "review": "journalArticle",
    "review-book": "journalArticle",
    "treaty": "document",
}
"""Item types for the CSL types that Zotero does not have; the type itself goes to Extra."""

FIELDS = {
    "title": "title caseName nameOfAct subject",
    "abstract": "abstractNote",
    "container-title": (
        "publicationTitle bookTitle proceedingsTitle dictionaryTitle encyclopediaTitle blogTitle "
        "forumTitle websiteTitle programTitle sessionTitle reporter code"
    ),
    "container-title-short": "journalAbbreviation",
    "volume": "volume reporterVolume codeVolume codeNumber",
    "issue": "issue priorityNumbers",
    "page": "pages firstPage codePages",
    "number": (
        "number reportNumber patentNumber billNumber docketNumber documentNumber publicLawNumber "
        "episodeNumber identifier archiveID"
    ),
    "collection-title": "series seriesTitle",
    "collection-number": "seriesNumber",
    "edition": "edition",
    "number-of-volumes": "numberOfVolumes",
    "number-of-pages": "numPages",
    "publisher": (
        "publisher label company distributor studio network institution university repository"
    ),
    "publisher-place": "place repositoryLocation",
    "event-title": "conferenceName meetingName",
    "event-place": "eventPlace",
    "authority": "authority court issuingAuthority legislativeBody organization",
    "genre": (
        "type thesisType reportType manuscriptType mapType letterType postType presentationType "
        "websiteType genre programmingLanguage"
    ),
    "medium": (
        "medium artworkMedium audioRecordingFormat videoRecordingFormat interviewMedium format "
        "audioFileType system"
    ),
    "dimensions": "artworkSize runningTime",
    "scale": "scale",
    "section": "section committee",
    "chapter-number": "session",
    "part-number": "partNumber",
    "part-title": "partTitle",
    "version": "versionNumber version",
    "status": "status legalStatus",
    "references": "references history",
    "archive": "archive",
    "archive_location": "archiveLocation",
    "source": "libraryCatalog",
    "call-number": "callNumber applicationNumber",
    "license": "rights",
    "language": "language",
    "title-short": "shortTitle",
    "DOI": "DOI",
    "ISBN": "ISBN",
    "ISSN": "ISSN",
    "PMID": "PMID",
    "PMCID": "PMCID",
    "URL": "url",
    "original-publisher": "originalPublisher",
    "original-publisher-place": "originalPlace",
}
"""From CSL variable to Zotero's fields; an item type has at most one or two of each line."""

DATE_FIELDS = {
    "issued": "date issueDate dateDecided dateEnacted",
    "accessed": "accessDate",
    "submitted": "filingDate",
    "original-date": "originalDate priorityDate",
}

CREATORS = {
    "author": (
        "author artist sponsor programmer presenter inventor cartographer interviewee creator "
        "contributor director performer podcaster"
    ),
    "editor": "editor",
    "translator": "translator",
    "collection-editor": "seriesEditor",
    "container-author": "bookAuthor",
    "reviewed-author": "reviewedAuthor",
    "recipient": "recipient",
    "interviewer": "interviewer",
    "composer": "composer",
    "director": "director",
    "performer": "castMember performer",
    "script-writer": "scriptwriter",
    "producer": "producer",
    "executive-producer": "executiveProducer",
    "host": "host podcaster",
    "guest": "guest",
    "narrator": "narrator",
    "chair": "chair",
    "organizer": "organizer",
    "series-creator": "seriesCreator",
    "original-author": "originalCreator",
    "contributor": "contributor",
}
"""From CSL name variable to the creator types that stand for it, the first that the type has."""

PRIMARY = frozenset(
    "author artist sponsor programmer presenter inventor cartographer interviewee creator".split()
)
"""Creator types that are the author of their item type."""

_COMMON = frozenset(
    """
    title abstractNote date shortTitle language url accessDate archive archiveLocation
    libraryCatalog callNumber rights extra citationKey DOI
    """.split()
)

# Each line: an item type, the fields it has beside the common ones, and with a minus those of
# the common ones that it has not.
_ITEM_FIELDS = """
artwork: artworkMedium artworkSize eventPlace ;
audioRecording: audioRecordingFormat seriesTitle volume numberOfVolumes label place
runningTime ISBN ;
bill: billNumber code codeVolume section codePages legislativeBody session history -archive
-archiveLocation -libraryCatalog -callNumber ;
blogPost: blogTitle websiteType ISSN -archive -archiveLocation -libraryCatalog -callNumber ;
book: series seriesNumber volume numberOfVolumes edition publisher place originalDate
originalPublisher originalPlace format numPages ISBN ISSN ;
bookSection: bookTitle series seriesNumber volume numberOfVolumes edition publisher place
originalDate originalPublisher originalPlace format pages ISBN ISSN ;
case: caseName court dateDecided docketNumber reporter reporterVolume firstPage history -title
-date -archive -archiveLocation -libraryCatalog -callNumber ;
computerProgram: seriesTitle versionNumber system company place programmingLanguage ISBN
-language ;
conferencePaper: proceedingsTitle conferenceName publisher place eventPlace volume issue
numberOfVolumes pages series seriesNumber ISBN ISSN ;
dataset: identifier type versionNumber repository repositoryLocation format ;
dictionaryEntry: dictionaryTitle series seriesNumber volume numberOfVolumes edition publisher
place pages ISBN ;
document: type publisher place ;
email: subject -title -archive -archiveLocation -libraryCatalog -callNumber ;
encyclopediaArticle: encyclopediaTitle series seriesNumber volume numberOfVolumes edition
publisher place pages ISBN ;
film: distributor place genre videoRecordingFormat runningTime ;
forumPost: forumTitle postType -archive -archiveLocation -libraryCatalog -callNumber ;
hearing: committee publisher numberOfVolumes documentNumber pages legislativeBody session
history place -archive -archiveLocation -libraryCatalog -callNumber ;
instantMessage: -archive -archiveLocation -libraryCatalog -callNumber ;
interview: interviewMedium publisher place ;
journalArticle: publicationTitle publisher place volume issue section partNumber partTitle
pages series seriesTitle seriesText journalAbbreviation PMID PMCID ISSN ;
letter: letterType eventPlace ;
magazineArticle: publicationTitle publisher place volume issue pages ISSN ;
manuscript: manuscriptType institution place numPages number ;
map: mapType scale seriesTitle edition publisher place ISBN ;
newspaperArticle: publicationTitle publisher place volume issue edition section pages ISSN ;
patent: place country assignee issuingAuthority patentNumber filingDate pages
applicationNumber priorityNumbers issueDate priorityDate references legalStatus -date -archive
-archiveLocation -libraryCatalog -callNumber ;
podcast: seriesTitle episodeNumber audioFileType publisher place runningTime -archive
-archiveLocation -libraryCatalog -callNumber ;
preprint: genre repository archiveID place series seriesNumber ;
presentation: presentationType meetingName place series sessionTitle -archive -archiveLocation
-libraryCatalog -callNumber ;
radioBroadcast: programTitle episodeNumber audioRecordingFormat network place runningTime ;
report: reportNumber reportType institution place seriesTitle seriesNumber pages ISBN ISSN ;
standard: organization committee type number versionNumber edition status publisher place
partNumber partTitle ISBN numPages ;
statute: nameOfAct code codeNumber publicLawNumber dateEnacted pages section session history
-title -date -archive -archiveLocation -libraryCatalog -callNumber ;
thesis: thesisType university place series seriesNumber numPages ISBN ISSN ;
tvBroadcast: programTitle episodeNumber videoRecordingFormat network place runningTime ;
videoRecording: videoRecordingFormat seriesTitle volume numberOfVolumes studio place
runningTime ISBN ;
webpage: websiteTitle websiteType publisher place -archive -archiveLocation -libraryCatalog
-callNumber ;
"""

_ITEM_CREATORS = """
artwork: artist contributor ;
audioRecording: performer originalCreator composer wordsBy translator contributor ;
bill: sponsor cosponsor contributor ;
blogPost: author translator commenter contributor ;
book: author contributor editor translator seriesEditor ;
bookSection: author contributor editor bookAuthor translator seriesEditor ;
case: author counsel contributor ;
computerProgram: programmer contributor ;
conferencePaper: author contributor editor translator seriesEditor ;
dataset: author contributor ;
dictionaryEntry: author contributor editor translator seriesEditor ;
document: author contributor editor translator reviewedAuthor ;
email: author translator contributor recipient ;
encyclopediaArticle: author contributor editor translator seriesEditor ;
film: director producer scriptwriter castMember host guest narrator translator contributor ;
forumPost: author contributor ;
hearing: contributor ;
instantMessage: author contributor recipient ;
interview: interviewee contributor interviewer translator ;
journalArticle: author contributor editor translator reviewedAuthor ;
letter: author recipient contributor translator ;
magazineArticle: author contributor translator reviewedAuthor ;
manuscript: author contributor translator ;
map: cartographer contributor seriesEditor ;
newspaperArticle: author contributor translator reviewedAuthor ;
patent: inventor attorneyAgent contributor ;
podcast: podcaster guest producer executiveProducer seriesCreator director scriptwriter
castMember translator contributor ;
preprint: author contributor editor translator reviewedAuthor ;
presentation: presenter chair organizer contributor translator ;
radioBroadcast: creator host guest producer executiveProducer seriesCreator director
scriptwriter castMember translator contributor ;
report: author editor contributor translator seriesEditor ;
standard: author editor contributor ;
statute: author contributor ;
thesis: author contributor ;
tvBroadcast: director producer executiveProducer seriesCreator scriptwriter castMember host
guest narrator translator contributor ;
videoRecording: creator director producer scriptwriter executiveProducer castMember host guest
narrator translator contributor ;
webpage: author contributor translator ;
"""


def _lists(table: str) -> dict[str, list[str]]:
    pairs = (line.split(":") for line in " ".join(table.split()).split(";") if ":" in line)
    return {name.strip(): words.split() for name, words in pairs}


def _with_common(words: list[str]) -> frozenset[str]:
    own = {word for word in words if not word.startswith("-")}
    return (_COMMON | own) - {word[1:] for word in words if word.startswith("-")}


ITEM_FIELDS = {name: _with_common(words) for name, words in _lists(_ITEM_FIELDS).items()}
"""The fields that an item of each type can have."""

ITEM_CREATORS = {name: tuple(words) for name, words in _lists(_ITEM_CREATORS).items()}
"""The creator types of each item type, the primary one first."""

VARIABLE_OF_FIELD = {name: variable for variable, names in FIELDS.items() for name in names.split()}
VARIABLE_OF_DATE_FIELD = {
    name: variable for variable, names in DATE_FIELDS.items() for name in names.split()
}
