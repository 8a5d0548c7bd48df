"""What people type and which of these articles they mean: the rules of French, one by one.

Each line of ``PAIRS``: the rule, what is typed, the articles that must come first (in any order),
and after « ≠ » those that must not come at all. Articles are made up.
"""

from __future__ import annotations

ARTICLES = {
    "pouponniere": "La pouponnière rouvre | Les bébés confiés à l’enfance protégée ont un lit.",
    "agrement": "Un agrément pour l’accueil | L’assistante familiale l’obtient d'un comité d’élus.",
    "ase": "L’ASE du Nord cherche des places | Le président du conseil départemental répond.",
    "aide-sociale": "L’aide sociale à l’enfance se réorganise | Les antennes de quartier ferment.",
    "sociale-enfance": "L’enfance, et sa sociale épaisseur | Une aide venue d’un romancier.",
    "aemo": "AEMO : six mois d’attente | Les familles patientent après le jugement.",
    "milieu-ouvert": "L’action éducative en milieu ouvert | Ce que font les services à domicile.",
    "mna": "MNA à la rue | Ils dorment sous un pont faute de mise à l’abri.",
    "mineurs-seuls": "Les mineurs non accompagnés au lycée | Un rectorat ouvre des classes.",
    "rsa": "Le RSA sous condition | Quinze heures d’activité chaque semaine.",
    "revenu": "Un revenu de solidarité active plus simple | Le versement deviendrait automatique.",
    "mecs": "Une MECS change de murs | Les chambres donnent sur un verger.",
    "maison-enfants": "La maison d’enfants à caractère social de Vire | Trente jeunes grandissent.",
    "ccas": "Le CCAS tient un camion | Il stationne au pied des tours.",
    "oqtf": "OQTF à dix-huit ans | Des apprentis convoqués en préfecture.",
    "ass-dept": "ASS en polyvalence | Ses journées au centre médico-social.",
    "educatrice": "Une éducatrice raconte | Vingt ans de nuits en internat.",
    "educateurs": "Les éducateurs de rue de Lens | Ils marchent chaque soir.",
    "education": "L’Éducation nationale recrute | Un concours de professeurs.",
    "travailleuse": "Portrait d’une travailleuse sociale | Elle reçoit sans rendez-vous.",
    "travailleurs": "Grève des travailleurs du lien | Ils défilent à Rennes.",
    "directrice": "La directrice du foyer part | Le conseil d’administration cherche.",
    "monitrices": "Monitrices d’auto-école solidaire | Elles apprennent à conduire.",
    "infirmiers": "Infirmiers en psychiatrie | Leur tour de garde est long.",
    "aidantes": "Les aidantes prennent la parole | Filles et épouses veillent.",
    "salaries-inclusif": "Les salarié·es d’Emmaüs | Une charte des compagnon·nes.",
    "educateurs-inclusif": "Éducateur·rices de jeunes enfants | Crèches et haltes.",
    "professionnel-inclusif": "Chaque professionnel·le compte | Enquête sur l’usure.",
    "etudiant-inclusif": "Les étudiant-e-s en stage | Gratifications et trajets.",
    "chef-inclusif": "Chef(fe)s de service | Entre équipe et direction.",
    "aller-vers": "L’aller-vers, une posture | Sortir du bureau, frapper aux portes.",
    "allervers": "Allervers : le réseau | Des maraudes numériques.",
    "versent": "Les régions versent trop peu | Aller au guichet ne suffit pas.",
    "medicosocial": "Le médicosocial à bout | Les lits ferment faute de bras.",
    "sans-abri": "Sans-abri : la nuit de la solidarité | On compte dans les gares.",
    "coeducation": "Co-éducation au quartier | Parents et animateurs ensemble.",
    "rendez-vous": "Le rendez-vous des retraités | Un café mensuel.",
    "coeur": "Au cœur du quartier | Une œuvre collective de mosaïque.",
    "soeurs": "Frères et sœurs placés | Une fratrie réunie.",
    "prudhommes": "Aux prud’hommes de Caen | Une veilleuse obtient gain de cause.",
    "aujourdhui": "Aujourd’hui le bilan | Un rapport d’étape paraît.",
    "hopitaux": "Des hôpitaux de jour | La pédopsychiatrie se déplace.",
    "travaux": "Des travaux d’intérêt général | Repeindre l’école.",
    "meurt": "Un homme meurt de froid | Le collectif des morts de la rue témoigne.",
    "accueillent": "Ils accueillent chez eux | Des hébergeurs citoyens.",
    "conquis": "Des droits conquis | Cinquante ans de luttes du handicap.",
    "elus": "Ce que les élus veulent | Un vœu sur la gratuité.",
    "nee": "Née sous X | Elle consulte son dossier.",
    "loge": "Bien logé, enfin | Une pension de famille.",
    "logement": "Le logement d’abord | Dix ans d’un chez-soi.",
    "expulsions": "Expulsions locatives en hausse | Les huissiers frappent dès avril.",
    "insertion": "L’insertion par le maraîchage | Des paniers bio vendus.",
    "protection": "La protection des majeurs | Les mandataires comptent les dossiers.",
    "bientraitance": "La bientraitance en formation | Un serious game.",
    "autisme": "Un plan autisme | Des unités en maternelle.",
    "placement": "Le placement à domicile | La Cour de cassation tranche.",
    "place": "Une place au soleil | Les vacances solidaires.",
    "mineur": "Un mineur de fond | Mémoire des corons.",
    "minerai": "Le minerai de fer | Une exposition.",
    "enfant": "Un enfant dessine | Atelier au musée.",
    "adoption": "L’adoption simple | Deux familles pour une.",
    "adaptation": "L’adaptation du logis des anciens | Barres d’appui et douche.",
    "precarite-energie": "La précarité énergétique | Chauffer ou manger.",
    "precaires": "Étudiants précaires | La file devant l’épicerie.",
    "violences": "Violences conjugales : l’éviction du conjoint | Un dispositif de Brest.",
    "tutelle": "La tutelle n’est pas une prison | Un juge explique.",
    "foyer": "Le foyer de Trappes | Un internat de trente lits fermé par l’État.",
    "foyer-fiscal": "Le foyer fiscal | Déclarer un enfant majeur.",
    "poele": "Le poêle à bois | Chauffage partagé d’un habitat.",
}

PAIRS = """
élision | l'enfance protégée | pouponniere
élision | l’enfance protégée | pouponniere
élision | enfance protégée | pouponniere
élision | L'ENFANCE PROTÉGÉE | pouponniere
élision | accueil familial agrément | agrement
élision | l'agrément | agrement
élision | d’élus comité | agrement
élision | élus comité | agrement
élision | l'obtient | agrement, prudhommes
élision | qu'obtient l’assistante | agrement
élision | aujourd'hui | aujourdhui
élision | aujourd’hui | aujourdhui
élision | AUJOURD'HUI bilan | aujourdhui
élision | d'étape | aujourdhui
élision | prud'hommes | prudhommes
élision | prud’hommes | prudhommes
élision | prudhommes | prudhommes
élision | l'insertion | insertion
élision | d’insertion | insertion
élision | l'autisme | autisme
élision | s'autisme | autisme
élision | l'État ferme Trappes | foyer
élision | jusqu'au foyer de Trappes | foyer
élision | lorsqu'un homme meurt | meurt
élision | l’intérêt général | travaux
genre | éducatrice raconte | educatrice
genre | éducateur raconte | educatrice
genre | éducatrices de rue | educateurs
genre | éducateurs de rue | educateurs
genre | éducatrice de rue Lens | educateurs
genre | travailleur social portrait | travailleuse
genre | travailleuses sociales portrait | travailleuse
genre | travailleur | travailleuse, travailleurs
genre | travailleuse | travailleuse, travailleurs
genre | travailleuses du lien | travailleurs
genre | directeur du foyer | directrice
genre | directeurs | directrice
genre | moniteur | monitrices
genre | moniteurs d'auto-école | monitrices
genre | infirmière | infirmiers
genre | infirmières psychiatrie | infirmiers
genre | aidant | aidantes
genre | aidants | aidantes
genre | assistant familial | agrement
genre | veilleur | prudhommes
genre | hébergeuse | accueillent
genre | retraitées | rendez-vous
nombre | hôpital | hopitaux
nombre | hopital de jour | hopitaux
nombre | travail d’intérêt général | travaux
nombre | expulsion locative | expulsions
nombre | expulsion | expulsions
nombre | huissier | expulsions
nombre | droit conquis | conquis
nombre | sœur | soeurs
nombre | panier bio | insertion
nombre | mandataire | protection
nombre | vacance solidaire | place
nombre | corons | mineur
nombre | coron | mineur
verbe | mourir de froid | meurt
verbe | mourait | meurt
verbe | accueillir chez soi | accueillent
verbe | accueillent chez eux | accueillent
verbe | conquérir des droits | conquis
verbe | loger | loge
verbe | logée | loge
verbe | reçoivent sans rendez-vous | travailleuse
verbe | recevoir sans rendez-vous | travailleuse
verbe | défiler à Rennes | travailleurs
verbe | dormir sous un pont | mna
verbe | repeint l'école | travaux
verbe | fermera les antennes de quartier | aide-sociale
verbe | grandir en maison d’enfants | maison-enfants
verbe | veut la gratuité | elus
inclusif | salariés d'Emmaüs | salaries-inclusif
inclusif | salariées Emmaüs | salaries-inclusif
inclusif | salarié | salaries-inclusif
inclusif | salarié·es | salaries-inclusif
inclusif | compagnons | salaries-inclusif
inclusif | compagnonnes | salaries-inclusif
inclusif | éducatrices de jeunes enfants | educateurs-inclusif
inclusif | éducateur de jeunes enfants | educateurs-inclusif
inclusif | éducateur·trice de jeunes enfants | educateurs-inclusif
inclusif | educateurs jeunes enfants | educateurs-inclusif
inclusif | professionnelles usure | professionnel-inclusif
inclusif | professionnel | professionnel-inclusif
inclusif | professionnel.le.s | professionnel-inclusif
inclusif | étudiantes en stage | etudiant-inclusif
inclusif | étudiant en stage | etudiant-inclusif
inclusif | étudiant·es gratifications | etudiant-inclusif
inclusif | chef de service | chef-inclusif
inclusif | cheffe de service | chef-inclusif
inclusif | chef·fes de service | chef-inclusif
inclusif | éducateur·rices de rue | educateurs
inclusif | travailleur·euse du lien | travailleurs
sigle | ASE | ase, aide-sociale
sigle | l'A.S.E. | ase, aide-sociale
sigle | ase | ase, aide-sociale
sigle | aide sociale à l'enfance | ase, aide-sociale
sigle | aide sociale à l’enfance places | ase
sigle | ASE quartier | aide-sociale
sigle | AEMO | aemo, milieu-ouvert
sigle | action éducative en milieu ouvert | aemo, milieu-ouvert
sigle | aemo domicile | milieu-ouvert
sigle | MNA | mna, mineurs-seuls
sigle | mineurs non accompagnés | mna, mineurs-seuls
sigle | mineur non accompagné lycée | mineurs-seuls
sigle | MNA lycée | mineurs-seuls
sigle | RSA | rsa, revenu
sigle | revenu de solidarité active | rsa, revenu
sigle | rsa automatique | revenu
sigle | MECS | mecs, maison-enfants
sigle | maisons d'enfants à caractère social | mecs, maison-enfants
sigle | centre communal d'action sociale | ccas
sigle | obligation de quitter le territoire français | oqtf
sigle | ASS | ass-dept
faute | protetcion des majeurs | protection
faute | protecion des majeurs | protection
faute | bientraittance | bientraitance
faute | bientraitence | bientraitance
faute | autsime | autisme
faute | expulsoins | expulsions
faute | inserton | insertion
faute | educatirce raconte | educatrice
faute | logemment d'abord | logement
faute | tutele | tutelle
faute | pouponnnière | pouponniere
faute | psychiatirie | infirmiers
faute | maraichagge | insertion
faute | acceuillent chez eux | accueillent
faute | gratificcations | etudiant-inclusif
composé | aller vers | aller-vers, allervers
composé | aller-vers | aller-vers, allervers
composé | allervers | aller-vers, allervers
composé | l'aller vers posture | aller-vers
composé | médico-social lits | medicosocial
composé | médico social lits | medicosocial
composé | médicosocial | medicosocial, ass-dept
composé | médico-social | medicosocial, ass-dept
composé | sans abri | sans-abri
composé | sans-abri | sans-abri
composé | sansabri | sans-abri
composé | coéducation | coeducation
composé | co éducation | coeducation
composé | rendez vous des retraités | rendez-vous
composé | autoécole solidaire | monitrices
ligature | coeur du quartier | coeur
ligature | cœur du quartier | coeur
ligature | CŒUR quartier | coeur
ligature | oeuvre collective | coeur
ligature | soeurs placées | soeurs
ligature | voeu gratuité | elus
accent | precarite energetique | precarite-energie
accent | PRÉCARITÉ ÉNERGÉTIQUE | precarite-energie
accent | etudiants precaires | precaires
accent | pedopsychiatrie | hopitaux
accent | Emmaus | salaries-inclusif
accent | poele a bois | poele
accent | épicerie | precaires
accent | epicerie | precaires
expression | "protection des majeurs" | protection
expression | « aide sociale à l’enfance » | aide-sociale ≠ ase, sociale-enfance
expression | "milieu ouvert" | milieu-ouvert ≠ aemo
expression | “logement d'abord” | logement ≠ loge
expression | "foyer de trappes" | foyer ≠ foyer-fiscal
expression | "foyer fiscal" | foyer-fiscal ≠ foyer
expression | "éducateurs de rue" | educateurs
expression | "éducatrice de rue" | educateurs
expression | "mise à l’abri" | mna
expression | "aller vers" | aller-vers, allervers ≠ versent
exclusion | foyer -fiscal | foyer, directrice ≠ foyer-fiscal
exclusion | foyer -trappes | foyer-fiscal, directrice ≠ foyer
exclusion | éducateur -rue | educatrice, educateurs-inclusif ≠ educateurs
exclusion | travailleuse -grève | travailleuse ≠ travailleurs
exclusion | MNA -lycée | mna ≠ mineurs-seuls
exclusion | ASE -"aide sociale" | ase ≠ aide-sociale
exclusion | médico-social -lits | ass-dept ≠ medicosocial
exclusion | quartier -"œuvre collective" | coeducation, aide-sociale ≠ coeur
exclusion | travailleurs -sociale | travailleurs ≠ travailleuse
exclusion | expulsion -avril -huissiers | ≠ expulsions
faux ami | éducateurs | educatrice, educateurs, educateurs-inclusif ≠ education
faux ami | éducatrice | educatrice, educateurs, educateurs-inclusif ≠ education
faux ami | éducation | education ≠ educatrice, educateurs
faux ami | enfance | pouponniere, aide-sociale, sociale-enfance ≠ enfant
faux ami | enfant | enfant, foyer-fiscal ≠ pouponniere
faux ami | minerai | minerai ≠ mineur
faux ami | mineur | mineur, mineurs-seuls ≠ minerai
faux ami | adoption | adoption ≠ adaptation
faux ami | adaptation | adaptation ≠ adoption
faux ami | travail | travaux ≠ travailleuse, travailleurs
faux ami | protection | protection ≠ pouponniere
faux ami | directrice | directrice ≠ chef-inclusif
faux ami | insertion | insertion ≠ autisme
faux ami | élus | agrement, elus ≠ loge
titre | quartier | coeur, coeducation
titre | foyer | foyer, foyer-fiscal, directrice
"""
