"""The words by which people give a secret away, and those that only speak of one, folded."""

import re

# What a word of any kind may be the secret of.
_WORD_LABELS = (
    r"mots?[ _-](?:de|d|2)[ _-]?pass?e?s?",
    r"mdps?",
    r"m\.d\.p\.?",
    r"pass[ -]?words?",
    r"passwd|pwd|psw",
    r"pass(?= ?[:=])",
    r"passcodes?",
    r"(?:recovery|secret) key",
    r"reponse secrete|secret answer",
    r"cles? (?:de (?:securite|recuperation|chiffrement)|(?:du )?wi-?fi|reseau|wpa[23]?|wep|bitlocker)",
    r"code (?:du )?wi-?fi",
    r"(?:wi-?fi|network|wpa[23]?|wep|security|bitlocker) (?:key|code)",
)
# Of several words.
_PHRASE_LABELS = (
    r"pass[ -]?phrases?",
    r"phrase (?:secrete|de (?:passe|recuperation|securite))",
    r"(?:recovery|seed|secret) (?:phrase|words?)",
)
# What only digits, or digits and letters, are the secret of.
_CODE_LABELS = (
    r"codes? (?:pin|puk|secrets?|confidentiels?|sms|d'(?:acces|authentification|entree)|a usage unique)",
    r"code de (?:la |ma |sa )?(?:carte(?: (?:bancaire|bleue|sim))?|cb|securite|deverrouillage|validation)",
    r"code de (?:verification|confirmation|connexion|session)|code bancaire|digicode",
    r"code (?:de |du )(?:mon |ma |la |notre )?(?:telephone|portable|mobile|tablette|coffre|portail)",
    r"code (?:de |du )(?:ma |la |notre )?(?:live|free|b)?box",
    r"code de l'(?:alarme|immeuble|ordinateur|iphone|ipad|interphone)",
    r"code (?:que j'ai )?recu(?: par (?:sms|mail|texto|telephone))?",
    r"pin(?: code| number)?",
    r"(?:security|access|verification|confirmation|one[ -]time|secret|sms|unlock|login|entry|door|bank) code",
    r"otp(?: code)?",
    r"puk",
)
_CARD_CODE_LABELS = (r"cvv2?|cvc2?|cryptogramme(?: visuel)?",)


def _labels(*patterns: str) -> str:
    return "|".join(patterns)


LABEL = re.compile(
    rf"(?<![\w@])(?:(?P<word>{_labels(*_WORD_LABELS)})|(?P<phrase>{_labels(*_PHRASE_LABELS)})"
    rf"|(?P<code>{_labels(*_CODE_LABELS)})|(?P<card>{_labels(*_CARD_CODE_LABELS)}))(?!\w)"
)
# A code that is told to be one by what is around it.
BARE_CODE = re.compile(r"(?<!\w)code(?!\w)")
RECEIVED = re.compile(
    r"\b(?:recu|recois|recevoir|sms|texto|validation|verification|received|texted|text message|sent me|got)\b"
)
OWN = frozenset({"mon", "my", "notre", "our"})
ACCOUNT = re.compile(
    r"(?<!\w)(?:identifiants?|login|user(?:name)?|utilisateur|pseudo)(?: ?[:=] ?| )(\S{1,64})"
    r"(?: ?[,;/&+-] ?| )(?:(?:et|and|le|mon|my) ){0,2}$"
)


def _words(text: str) -> frozenset[str]:
    return frozenset(text.split())


COPULAS = _words("est sont etait etaient sera cest is are was were it's its")
# May stand between a label and what is said of it.
QUALIFIED_BY = _words(
    "de du des d' pour sur a au aux of for on to que qu' qui that which actuel actuelle provisoire "
    "temporaire habituel principal admin administrateur maitre internet mail messagerie email e-mail"
)
FILLERS = _words(
    "toujours bien encore donc actuellement normalement simplement le la suivant suivante following the "
    "still currently now actually just comme suit ceci c' ce"
)
# The sentence has turned to something else.
TURNS = _words(
    "et mais car ou quand lorsque si il elle je j' on nous vous n' ne pas and but or because when if it i "
    "we you ca me dit dis disent affiche says said say not isn't wasn't aren't erreur error ticket "
    "demande dossier facture numero n° invoice request"
)
NOT_BEFORE_A_CODE = _words(
    "du au en depuis numero n° erreur error ticket postal since from in at to janvier fevrier mars avril "
    "mai juin juillet aout septembre octobre novembre decembre january february march april may june july "
    "august september october november december"
)
OTHER_CODES = _words(
    "erreur d'erreur postal barre barres client promo ape naf produit article source couleur retour html "
    "error stop zip bar product country customer ouverture"
)
BEFORE_A_LABEL = _words("mon ma mes le la un notre son my the our their his her a comme as en")
TELLING = _words("est is c'est comme as en sont are")
UNITS = _words(
    "fois caractere caracteres chiffre chiffres lettres essais essai euros heures heure minutes minute "
    "jours characters character digits letters times attempts tries hours days signes symboles mots words "
    "bits"
)
CONNECTIVES = _words(
    "pour merci et sur de du avec a dans for on and thanks thank with in to svp please cordialement"
)
# What has passwords, by its name.
PLACES = _words(
    "outlook gmail orange free sfr bouygues windows office word excel google apple icloud facebook "
    "messenger whatsapp hotmail yahoo laposte livebox freebox bbox amazon paypal ebay leboncoin ameli "
    "impots netflix microsoft android iphone ipad mac wifi wi-fi internet mail mails email messagerie "
    "session ordinateur pc imprimante box compte account router laptop computer banque bank ent caf "
    "franceconnect thunderbird chrome firefox edge safari teams zoom skype anydesk"
)
# A state of the secret, the beginning of a sentence, a place: whatever is said of it without telling it.
INNOCENT = PLACES | _words(
    # French
    "a au aux dans chez sur sous en par pour avec sans de du des le la les un une mon ma mes son sa ses "
    "leur ce cet cette ces celui celle que qui quoi quel quelle lequel comment pourquoi ou y ne pas plus "
    "jamais non oui ok idem aucun aucune rien neant je j' tu il elle on nous vous ils elles l' d' n' s' "
    "m' c' qu' se me te si trop tres assez peu aussi meme deja ici la-bas toujours encore bien mal bon "
    "bonne juste faux fausse correct correcte incorrect incorrecte exact exacte invalide valide inconnu "
    "inconnue perdu perdue vide different differente introuvable illisible impossible urgent urgente "
    "important importante grave penible embetant enervant agacant dommage catastrophe obligatoire "
    "necessaire inutile nul nulle long longue court courte simple complique difficile facile lent lente "
    "visible invisible identique unique inaccessible disponible indisponible oublie oubliee refuse "
    "refusee demande demandee change changee bloque bloquee expire perime accepte rejete reconnu pirate "
    "vole errone modifie enregistre memorise efface supprime active actif inactif affiche cache masque "
    "note ecrit inscrit colle connu su requis parti mis remis pris requise tombe casse use abime sale "
    "prete pret fait faite possible normal bizarre suspect compromis redemande quelque partout part toute "
    "tout tous seul seule a-t-il puis peut-etre sans-doute hs ko celui-ci voir merci svp bonjour aide "
    "help erreur probleme souci reinitialise reinitialisee "
    # English
    "an the my your his her our their this that these those not no never always still again already also "
    "being been in at under over inside from with without by for to of as so too very what which who how "
    "why where when i it we you he she they wrong right invalid valid unknown unreadable lost forgotten "
    "stolen hacked blocked locked expired refused rejected accepted required needed asked missing gone "
    "empty blank same short hidden shown working failing changing asking written stuck taken known set "
    "okay fine good bad none nothing n/a yes there here necessary broken annoying weird strange "
    "case-sensitive denied prompted reset everywhere somewhere mine yours please thanks error"
)
_BRANDS = (
    r"windows|win|office|microsoft|ms|iphone|ipad|ios|macos|mac|android|galaxy|samsung|hp|epson|canon|brother|"
    r"lexmark|wi-?fi|livebox|freebox|bbox|box|sfr|outlook|word|excel|ps|xbox|canal|tf|m|wpa|h|mp|usb|rj|ddr|"
    r"hdmi|intel|core|i|ryzen|dell|asus|acer|lenovo|pc|kb|directx|php|ipv|v|version|f|af|n°"
)
# Products, measures, dates and error codes hold digits and letters as secrets do.
NOT_A_SECRET = re.compile(
    rf"(?:(?:{_BRANDS})[-.]?[0-9.]+[a-z]{{0,4}}|0x[0-9a-f]+"
    r"|[0-9.,]+(?:h[0-9]{0,2}(?:mn|min)?|min|mn|s|e|eme|ere?|nd|rd|st|th|[gmkt][ob]|[gm]hz|[mg]bps|bits?|km|cm|"
    r"mm|m|k?g|fois|x|ans?|jours?|mois|px|p|k|v|w|am|pm|€|%|\$|euros?|ttc|ht)?-?"
    r"|[0-9]{1,4}[-/.][0-9]{1,2}[-/.][0-9]{1,4}|[0-9]h/[0-9]+|[0-9]+h/[0-9]+[hj]?(?:/[0-9]+)?|[247]+/[247]+"
    r"|[0-9]+-(?:digit|bits?|character|letter)s?|1password|2fa|covid-?19)"
)
