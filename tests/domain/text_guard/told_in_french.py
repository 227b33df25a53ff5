"""What people write about their passwords in French: what gives one away, and what only speaks of it."""

TOLD = """
mon mot de passe est Tulipe33
mon mot de passe est tulipe
Mon mot de passe, c'est Tulipe33, merci
mon mot de passe c’est tulipe
mot de passe : Tulipe33
Mot de passe : tulipe
mot de passe: soleil!
mot de passe=soleil
MOT DE PASSE : AZERTY
mdp : toto
mdp toto1234
mdp:toto
MDP = Marie1952
le mdp c'est marie52
mon mdp est 123456
m.d.p. : jardin
mot de passe Tulipe33
mot-de-passe : Tulipe
mots de passe : Tulipe33 et Rose44
mes mots de passe sont Tulipe33 et Rose44
le mot de passe de ma boîte mail est Tulipe33
le mot de passe de ma messagerie Orange est tulipe
mot de passe Orange : tulipe33
mot de passe wifi : chatnoir
mot de passe gmail Tulipe33!
le mot de passe pour la session c'est Jean-Paul
le mot de passe de l'ordinateur est toujours tulipe33
le mot de passe est le suivant : tulipe33
mon mot de passe actuel est bien tulipe33
Mon ancien mot de passe était Tulipe33
identifiant : marie.petit / mdp : tulipe
identifiant marie mdp tulipe
Login : marie, mot de passe : rosier
identifiant 12345678 et mot de passe Tulipe33
mon code PIN est 1234
code PIN 1234
code pin : 0000
Le PIN de la carte SIM est 4321
code PIN de ma carte bancaire : 4821
mon code secret c'est 7412
code secret 7412
code confidentiel : 93021
mon code de carte bleue est 4471
cryptogramme 123
CVV : 456
le cryptogramme visuel est 789
mon code wifi est A1B2C3D4E5
clé wifi : 3F2A9C7E1B
clé WPA 3F2A9C7E1B4D
La clé de sécurité de la box est 5A6B7C8D9E
mot de passe du wifi livebox « chat noir 12 »
le code reçu par SMS est 123456
code reçu par SMS 123456
code reçu par sms : 123 456
j'ai reçu le code 482913 par SMS
Le code que je viens de recevoir est le 482913
code de validation 90214
code de vérification : 771204
code d'accès : 4582A
code de déverrouillage du téléphone 2580
mon code est 4521
code PUK 12345678
Tulipe33 est mon mot de passe
Tulipe33, c'est mon mot de passe
j'utilise Tulipe33 comme mot de passe
J'ai mis marie1952 en mot de passe
je vous donne mon mot de passe : tulipe
ma phrase de récupération : cheval pluie montagne
réponse secrète : médor
mot de passe "tulipe"
mot de passe -> tulipe33
mot de passe　：　Ｔｕｌｉｐｅ３３
mot de pa​sse : tulipe
mot de passe :↵Tulipe33
mon mot de passe est p@ssword
pass : tulipe33
Bonjour, je n'arrive plus à lire mes mails. Mon adresse est marie@orange.fr et le mot de passe est Tulipe33.
Mon mdp est : Jojo
mon mot de pass c'est bijou59
le mot de passe de mon compte Amazon est Bijou59!
Mon mot de passe pour Orange c'est bijou
Voici mon mot de passe : bijou
voila le mdp bijou59
Compte : jean@orange.fr Mot de passe : Bijou59
user jean pass : bijou
je crois que mon mot de passe est azerty
mon mot de passe serait bijou59
Le mot de passe est « bijou »
le mot de passe qui est bijou59 ne passe pas
mot de passe (bijou59)
Le code PIN est 1234 mais ça bloque
Mon PIN : 1234
mon code pin c'est le 1234
le code de ma carte est 4471
code bancaire 4471
code de la carte bleue 4471
Le code de mon téléphone est 2580
le code du portable est 2580
le code du wifi est 12ab34cd
code de la box : 12ab34cd56
mon code d'accès banque est 459812
Mot de passe: 1 2 3 4
Mot de passe = "azerty"
My password's rosebud1
"""

MENTIONED = """
j'ai oublié mon mot de passe
J'ai perdu mon mot de passe de messagerie.
le mot de passe est refusé
Le mot de passe est refuse
mot de passe : oublié
Mot de passe : inconnu
mdp : perdu
mdp oublié
mdp refusé
il me demande mon mot de passe
Il me demande mon mot de passe et mon ordinateur est lent
on me redemande sans cesse le mot de passe
mon mot de passe ne marche plus
mon mot de passe n'est pas reconnu
mon mot de passe n’est plus accepté depuis hier
le mot de passe est incorrect
le mot de passe est toujours refusé
mot de passe incorrect
Message « mot de passe incorrect » à chaque fois
Message "mot de passe incorrect" sur Outlook
Il affiche mot de passe invalide, erreur 0x80070005
mot de passe : erreur 0x800CCC0E
mot de passe Windows 11 oublié
mot de passe Windows11 oublié
mot de passe Office365 perdu
Problème de mot de passe : Outlook refuse de se connecter
Problème de mot de passe : Outlook
Mot de passe - oublié
je ne connais pas le mot de passe du wifi
Je ne retrouve plus le code wifi de la box
le code wifi est sous la box
la clé wifi est trop longue à taper
la clé WPA est illisible sur l'étiquette
Mon mot de passe est dans un carnet
le mot de passe est sur un papier
le mot de passe est le bon pourtant
mon mot de passe est correct
je suis sûr que mon mot de passe est bon
le mot de passe est bien le bon
changer le mot de passe de la boîte mail
Je voudrais changer de mot de passe
Le technicien a changé le mot de passe de la messagerie
Mot de passe réinitialisé, tout remarche.
Le mot de passe doit faire 8 caractères
mot de passe : 8 caractères minimum
mot de passe (8 caractères au moins)
Après 3 essais de mot de passe, tout est bloqué
j'ai tapé mon mot de passe 10 fois
on m'a volé mon mot de passe
mon mot de passe a été piraté
je n'ai pas reçu le code par SMS
Je ne reçois pas le code de validation
le code reçu par SMS n'est pas accepté
le code reçu par SMS est refusé
J'ai reçu un code par SMS le 12/03/2024 à 14h30 mais il ne marche pas
le code de validation à 6 chiffres n'arrive pas
code de vérification jamais reçu
code PIN oublié
code PIN bloqué après 3 essais
Je ne me souviens plus du code PIN à 4 chiffres
mon code PIN est bloqué
Le code PIN est demandé au démarrage
code erreur 1603
le code d'erreur est 0x80070643
mon code postal est 69003
code 43 dans le gestionnaire de périphériques
mon identifiant et mon mot de passe sont refusés
identifiant ou mot de passe incorrect
Quel est mon mot de passe ?
c'est quoi le mot de passe ?
le mot de passe est demandé à chaque ouverture
le mot de passe est-il obligatoire ?
mot de passe : je ne sais plus
mot de passe : ?
mot de passe : ********
Mon mot de passe est introuvable
mon mot de passe Gmail est expiré
le mot de passe de mon compte marie@orange.fr est refusé
Mot de passe de l'imprimante HP2700 inconnu
le gestionnaire de mots de passe est installé
J'ai un mot de passe différent pour chaque site
Votre mot de passe ne vous sera jamais demandé
mon ordinateur est lent, il chauffe et le mot de passe est long à taper
Le pin est tombé sur la ligne, plus d'internet
Le client a saisi lui-même son mot de passe.
Ticket 0000 0420, code dit par le client, séance de 25 minutes
Je vous appelle parce que mon mot de passe Facebook ne passe plus
quand je tape mon mot de passe ça me dit : mot de passe erroné
Bonjour. Mot de passe oublié. Impossible d'ouvrir Gmail.
Mot de passe
Mot de passe perdu : comment faire ?
Mon mot de passe est celui de mon fils
impossible de me connecter, mot de passe et identifiant sont bons
Changer mdp wifi box SFR
mdp wifi ?
mot de passe wifi de la Livebox 6 refusé
mot de passe wifi de la Livebox6 refusé
Le mot de passe est long : 24 caractères
Je dois entrer le code PIN de la carte SIM à chaque fois depuis 2 jours
Depuis la mise à jour Windows 11 24H2 le code PIN ne marche plus
Windows Hello : le code PIN n'est plus disponible
Réinitialisation du code PIN Windows faite, redémarrage 10 minutes
Le client a oublié son code PIN, compte Microsoft récupéré.
Mot de passe de la box sous l'étiquette, connexion faite en 5 GHz
Mot de passe SMTP corrigé : port 465, SSL
mot de passe IMAP corrigé, port 993
serveur imap.orange.fr, mot de passe resaisi par le client
code de sécurité : le client l'a saisi lui-même
On m'a demandé un code reçu par SMS au téléphone, est-ce une arnaque ?
j'ai donné le code reçu par SMS à un faux conseiller
J'ai reçu un SMS de ma banque avec un code, je n'ai rien acheté
J'ai reçu un code de validation pour un achat de 1500 euros
code reçu par sms pour valider un virement de 2000 euros
J'ai un code Netflix à activer
mon code ne marche pas
mon code est refusé
le code a changé
Le code WiFi est affiché sur la box
Mes mots de passe sont enregistrés dans Chrome
mes mots de passe sont tous perdus
ma clé USB de 64 Go n'est pas reconnue
clé de sécurité réseau : incompatible
La clé de sécurité réseau est incorrecte
The PIN entry was blocked
Le mot de passe est trop compliqué pour moi
Le mot de passe est arrivé par courrier
Le mot de passe est parti avec l'ancien ordinateur
mon mot de passe est périmé
Le mot de passe : celui de ma fille
Mot de passe : je l'ai sous les yeux
mon password est refusé
"""
